/// A stored integer of 128 bits is kept as two words, for the reason that `TwoWords` tells.
///
/// The ledger's verification is left out: it never hands such values to an asynchronous function, and lives by their speed.
enum WideIntegerRule {
    private static let excepted = ["Sources/Storage/Ledger/Verification/", "Sources/Benchmarks/"]

    static func violations(in checkout: Checkout) -> [Violation] {
        checkout.swiftFiles(in: "Sources").filter { file in
            !excepted.contains { file.path.hasPrefix($0) }
        }.flatMap { file in
            (1...file.lineCount).filter { isStored(file.code(ofLine: $0)) }.map { line in
                file.violation("a stored integer of 128 bits needs `@TwoWords` or `@SignedTwoWords`", line: line)
            }
        }
    }

    /// Members of a type are told from variables of a function by where they stand.
    private static func isStored(_ line: String) -> Bool {
        line.firstMatch(of: /^ {4}(?:(?:package|public|private|fileprivate|private\(set\)) )*(?:let|var) \w+: U?Int128\??(?: = .*)?$/)
            != nil
    }
}
