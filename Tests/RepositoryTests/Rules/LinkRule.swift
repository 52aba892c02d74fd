/// Links of Markdown files lead to files, folders and headings that exist.
enum LinkRule {
    static func violations(in checkout: Checkout) -> [Violation] {
        checkout.files.filter { $0.path.hasSuffix(".md") }.flatMap { file in
            Markdown.proseLines(of: file).flatMap { number, line in
                Markdown.linkTargets(in: line).compactMap { target in
                    problem(with: target, in: file, checkout).map { file.violation("the link `\(target)` \($0)", line: number) }
                }
            }
        }
    }

    private static func problem(with target: String, in file: SourceFile, _ checkout: Checkout) -> String? {
        if target.contains("://") || target.hasPrefix("mailto:") { return nil }
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let path = parts[0].isEmpty ? file.path : resolved(parts[0], from: file.path) else { return "leaves the project" }
        guard checkout.paths.contains(path) else { return "leads nowhere: there is no \(path)" }
        guard parts.count == 2, path.hasSuffix(".md"), let destination = checkout.file(path) else { return nil }
        return Markdown.anchors(of: destination).contains(parts[1]) ? nil : "leads nowhere: \(path) has no such heading"
    }

    private static func resolved(_ link: String, from path: String) -> String? {
        var parts = path.split(separator: "/").dropLast().map(String.init)
        for part in link.split(separator: "/").map(String.init) where part != "." {
            if part != ".." {
                parts.append(part)
            } else if parts.popLast() == nil {
                return nil
            }
        }
        return parts.joined(separator: "/")
    }
}
