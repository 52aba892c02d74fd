extension QRSymbol {
    /// The symbol in half-block characters, two rows of modules a line, quiet zone included, each line ended by a line feed.
    ///
    /// Blocks stand for light modules, right for light text on a dark background; `inverted` swaps that for dark text on a light one.
    package func terminal(inverted: Bool = false) -> String {
        var lines = ""
        let modules = -Self.quietZone..<side + Self.quietZone
        for row in stride(from: modules.lowerBound, to: modules.upperBound, by: 2) {
            for column in modules {
                let isUpperFilled = isDark(row: row, column: column) == inverted
                // The last line of an odd number of rows has no lower half; it stays background.
                let isLowerFilled = row + 1 < modules.upperBound && isDark(row: row + 1, column: column) == inverted
                lines += block(isUpperFilled: isUpperFilled, isLowerFilled: isLowerFilled)
            }
            lines += "\n"
        }
        return lines
    }

    private func block(isUpperFilled: Bool, isLowerFilled: Bool) -> String {
        switch (isUpperFilled, isLowerFilled) {
        case (true, true): "█"
        case (true, false): "▀"
        case (false, true): "▄"
        case (false, false): " "
        }
    }
}
