extension QRSymbol {
    /// A scalable picture: a white square and one path of all dark modules, quiet zone included.
    ///
    /// `pixels` states width and height; without it the picture fills its container. `title` names the picture for readers who cannot
    /// see it, and is escaped.
    package func svg(pixels: Int? = nil, title: String? = nil) -> String {
        let size = pixels.map { " width=\"\($0)\" height=\"\($0)\"" } ?? ""
        let caption = title.map { "<title>\(escaped($0))</title>" } ?? ""
        return """
            <svg xmlns="http://www.w3.org/2000/svg"\(size) viewBox="0 0 \(extent) \(extent)" shape-rendering="crispEdges">\
            \(caption)<rect width="\(extent)" height="\(extent)" fill="#fff"/><path fill="#000" d="\(darkPath)"/></svg>
            """
    }

    /// One rectangle for each horizontal run of dark modules.
    private var darkPath: String {
        var path = ""
        for row in 0..<side {
            var column = 0
            while column < side {
                let start = column
                while isDark(row: row, column: column) { column += 1 }
                let length = column - start
                if length > 0 {
                    path += "M\(start + Self.quietZone) \(row + Self.quietZone)h\(length)v1h-\(length)z"
                }
                column += 1
            }
        }
        return path
    }

    private func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
