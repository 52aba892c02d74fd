/// Every type and function that other targets see says what it is.
enum DocumentationRule {
    private static let modifiers: Set<Substring> = [
        "static", "final", "mutating", "nonisolated", "indirect", "class", "override", "consuming", "borrowing", "isolated", "convenience",
    ]
    private static let kinds: Set<Substring> = ["struct", "class", "enum", "actor", "protocol", "func"]

    /// Functions a protocol of the standard library asks for; their meaning is the protocol's.
    private static let witnesses = ["func hash(into", "func encode(to", "func ==", "func <"]

    static func violations(in checkout: Checkout) -> [Violation] {
        checkout.swiftFiles(in: "Sources").flatMap { file in
            file.lines(containing: "package").compactMap { line -> Violation? in
                guard let name = declaration(file.code(ofLine: line)), !isDocumented(file, line: line) else { return nil }
                return file.violation("`\(name)` has no `///` comment", line: line)
            }
        }
    }

    /// The declared kind and name, or nothing if this line declares neither type nor function for other targets.
    private static func declaration(_ code: String) -> String? {
        let words = code.split(separator: " ").drop { $0.hasPrefix("@") || modifiers.contains($0) && $0 != "class" }
        guard words.first == "package" else { return nil }
        let rest = words.dropFirst().drop { $0.hasPrefix("@") || (modifiers.contains($0) && $0 != "class") }
        let named = rest.first == "class" && rest.dropFirst().first == "func" ? rest.dropFirst() : rest
        guard let kind = named.first, kinds.contains(kind), let name = named.dropFirst().first else { return nil }
        guard !witnesses.contains(where: { code.contains($0) }) else { return nil }
        return kind + " " + name.prefix { $0 != "(" && $0 != ":" && $0 != "<" }
    }

    private static func isDocumented(_ file: SourceFile, line: Int) -> Bool {
        let above = (1..<line).reversed().lazy.map(file.text(ofLine:)).map { $0.drop { $0 == " " } }
        return above.prefix { $0.hasPrefix("//") || $0.hasPrefix("@") }.contains { $0.hasPrefix("///") }
    }
}
