/// The little of Markdown that the rules need.
enum Markdown {
    /// The lines outside fenced code blocks, each with its number counted from 1.
    static func proseLines(of file: SourceFile) -> [(number: Int, line: String)] {
        var isInFence = false
        return file.lines.enumerated().compactMap { index, line in
            let isFence = line.drop { $0 == " " }.hasPrefix("```")
            if isFence { isInFence.toggle() }
            return isFence || isInFence ? nil : (index + 1, line)
        }
    }

    /// The parts of a line between backticks.
    static func codeSpans(in line: String) -> [String] {
        let parts = line.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        return parts.indices.filter { !$0.isMultiple(of: 2) && $0 + 1 < parts.count }.map { parts[$0] }
    }

    /// What the links of a line point to, without titles.
    static func linkTargets(in line: String) -> [String] {
        let parts = line.split(separator: "`", omittingEmptySubsequences: false)
        let prose = parts.indices.filter { $0.isMultiple(of: 2) }.map { String(parts[$0]) }.joined(separator: "x")
        return prose.split(separator: "](").dropFirst().compactMap { rest in
            guard let end = rest.firstIndex(of: ")") else { return nil }
            return rest[..<end].split(separator: " ").first.map(String.init)
        }
    }

    /// The names under which a file's headings can be reached, as GitHub makes them.
    static func anchors(of file: SourceFile) -> Set<String> {
        Set(
            proseLines(of: file).filter { $0.line.hasPrefix("#") }.map { _, line in
                let title = line.drop { $0 == "#" }.drop { $0 == " " }.lowercased()
                return String(title.filter { $0.isLetter || $0.isNumber || " -_".contains($0) }.map { $0 == " " ? "-" : $0 })
            }
        )
    }
}
