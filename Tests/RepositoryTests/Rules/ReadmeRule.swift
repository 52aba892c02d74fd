/// The map in README.md and the folders of the project agree in both directions.
enum ReadmeRule {
    static func violations(in checkout: Checkout) -> [Violation] {
        guard let readme = checkout.file("README.md") else { return [Violation(path: "README.md", line: 1, message: "is absent")] }
        let folders = expectedFolders(in: checkout)
        let text = readme.lines.joined(separator: "\n")
        let unnamed = folders.filter { !text.contains($0.split(separator: "/").last ?? "") }
        return unnamed.map { readme.violation("the folder \($0) is not named") } + strangers(in: readme, checkout)
    }

    /// Top-level folders that hold something, and targets.
    private static func expectedFolders(in checkout: Checkout) -> [String] {
        let top = checkout.names(in: "").filter { !$0.hasPrefix(".") && checkout.isFolder($0) }
        let targets = checkout.names(in: "Sources").map { "Sources/" + $0 }.filter { checkout.isFolder($0) }
        return top + targets
    }

    /// Paths in backticks that begin with a top-level folder and do not exist; patterns such as `providers/<name>` are let through.
    private static func strangers(in readme: SourceFile, _ checkout: Checkout) -> [Violation] {
        let top = Set(checkout.names(in: "").filter { checkout.isFolder($0) })
        return Markdown.proseLines(of: readme).flatMap { number, line in
            Markdown.codeSpans(in: line).compactMap { span in
                guard let first = span.split(separator: "/").first, span.contains("/"), top.contains(String(first)) else { return nil }
                let isPlain = span.allSatisfy { $0.isLetter || $0.isNumber || "/._-+".contains($0) }
                let path = span.hasSuffix("/") ? String(span.dropLast()) : span
                return !isPlain || checkout.paths.contains(path) ? nil : readme.violation("`\(span)` does not exist", line: number)
            }
        }
    }
}
