/// What switches the compiler's checks off is proven safe in the comment right above it.
enum SafetyRule {
    static func violations(in checkout: Checkout) -> [Violation] {
        (checkout.swiftFiles(in: "Sources") + checkout.swiftFiles(in: "Tests")).flatMap { file in
            ["@unchecked Sendable", "nonisolated(unsafe)"].flatMap { word in
                file.lines(containing: word).filter { !isProven(in: file, line: $0) }.map { line in
                    file.violation("`\(word)` needs a line `// Safety: …` directly above", line: line)
                }
            }
        }
    }

    /// Looks up through the comment and the attributes that belong to the declaration.
    private static func isProven(in file: SourceFile, line: Int) -> Bool {
        let above = (1..<line).reversed().lazy.map(file.text(ofLine:)).map { $0.drop { $0 == " " } }
        return above.prefix { $0.hasPrefix("//") || $0.hasPrefix("@") }.contains { $0.hasPrefix("// Safety: ") }
    }
}
