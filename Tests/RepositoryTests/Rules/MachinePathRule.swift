/// The project speaks of itself, never of the machine it was written on.
enum MachinePathRule {
    /// Put together here, so that this file does not break its own rule.
    private static let paths = ["work", "root", "home", "Users", "opt"].map { "/" + $0 + "/" }

    static func violations(in checkout: Checkout) -> [Violation] {
        checkout.files.flatMap { file in
            paths.flatMap { path in
                file.lines(containing: path, inCode: false).filter { isAbsolute(path, in: file.text(ofLine: $0)) }.map { line in
                    file.violation("the path `\(path)` belongs to a machine, not to the project", line: line)
                }
            }
        }
    }

    /// Tells a path from a part of a longer one, such as that of a URL.
    private static func isAbsolute(_ path: String, in line: String) -> Bool {
        line.ranges(of: path).contains { range in
            guard range.lowerBound > line.startIndex else { return true }
            let before = line[line.index(before: range.lowerBound)]
            return !before.isLetter && !before.isNumber && !".-_/}".contains(before)
        }
    }
}
