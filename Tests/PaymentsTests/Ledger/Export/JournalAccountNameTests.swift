import Payments
import TestSupport
import Testing

@Suite("Names of accounts in journals")
struct JournalAccountNameTests {
    @Test(
        "names read well and can be told apart",
        arguments: [
            ("provider:stripe:clearing:THB", "THB", AccountClass.asset, "Assets:Provider:Stripe:Clearing:THB"),
            ("orders:payable:JPY", "JPY", .liability, "Liabilities:Orders:Payable:JPY"),
            ("customer:user_42.a-b:wallet:USDT", "USDT", .liability, "Liabilities:Customer:User-u42-da--b:Wallet:USDT"),
            ("fees:Stripe:THB", "THB", .expense, "Expenses:Fees:S-xtripe:THB"),
            ("sales:THB", "THB", .income, "Income:Sales:THB"),
            ("capital:tHB:THB", "THB", .equity, "Equity:Capital:T-xHB:THB"),
            ("bank:kbank", "THB", .asset, "Assets:Bank:Kbank:In-THB"),
            ("bank:THB:fees", "THB", .asset, "Assets:Bank:THB-i:Fees:In-THB"),
            ("bank:JPY", "THB", .asset, "Assets:Bank:JPY-i:In-THB"),
            ("x:-a:_b:.c:7d:THB", "THB", .asset, "Assets:X:0-x--a:0-x-ub:0-x-dc:7d:THB"),
        ]
    )
    func examples(name: String, code: String, kind: AccountClass, expected: String) throws {
        #expect(JournalAccountName.text(of: try ExportSamples.account(name, code, kind)) == expected)
    }

    @Test("random names are well formed for beancount, can be undone, and none lies below another")
    func injective() throws {
        var random = SeededRandom.printed("journal account names")
        var accounts: Set<String> = []
        var texts: [String: String] = [:]
        // Few characters, so that names which differ little are frequent.
        let alphabet = Array("aAbTHB0-_.xui")
        for _ in 0..<20_000 {
            let segments = (0..<Int.random(in: 2...4, using: &random)).map { _ in
                if Int.random(in: 0..<3, using: &random) == 0 {
                    return ["THB", "thb", "JPY", "In", "tHB"].randomElement(using: &random) ?? ""
                }
                return String((0..<Int.random(in: 1...4, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "a" })
            }
            let name = segments.joined(separator: ":")
            let text = JournalAccountName.text(of: try ExportSamples.account(name, "THB"))
            let isNew = accounts.insert(name).inserted
            #expect(isNew == (texts[text] == nil) && texts[text] ?? name == name, "\(name) and \(texts[text] ?? "") are \(text)")
            texts[text] = name
            #expect(Self.isWellFormed(text), "\(name) is \(text)")
            #expect(Self.name(from: text) == name, "\(text)")
        }
        for text in texts.keys {
            let parts = text.split(separator: ":")
            for count in 2..<parts.count {
                #expect(texts[parts[..<count].joined(separator: ":")] == nil, "\(text) lies below an account")
            }
        }
    }

    /// Beancount's rule, for what is ASCII.
    private static func isWellFormed(_ text: String) -> Bool {
        text.split(separator: ":", omittingEmptySubsequences: false).allSatisfy { part in
            guard let first = part.first, first.isASCII, first.isUppercase || first.isNumber else { return false }
            return part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        }
    }

    /// Undoes the mapping, following its description.
    private static func name(from text: String) -> String? {
        var parts = text.split(separator: ":").dropFirst().map(String.init)
        guard let last = parts.popLast() else { return nil }
        var segments = parts.map(segment)
        if !last.hasPrefix("In-") { segments.append(last) }
        return segments.joined(separator: ":")
    }

    private static func segment(from part: String) -> String {
        var part = part[...]
        if part.hasSuffix("-i") && Asset(code: String(part.dropLast(2))) != nil { return String(part.dropLast(2)) }
        let isUnusual = part.dropFirst().hasPrefix("-x")
        let first = part.removeFirst()
        if isUnusual { part = part.dropFirst(2) }
        let rest = plain(part)
        if first.isNumber { return isUnusual ? rest : "\(first)\(rest)" }
        let usuallyCapital = rest.contains { $0.isUppercase } && !rest.contains { $0.isLowercase }
        return (usuallyCapital != isUnusual ? first.uppercased() : first.lowercased()) + rest
    }

    private static func plain(_ part: Substring) -> String {
        var plain = ""
        var characters = part.makeIterator()
        while let character = characters.next() {
            guard character == "-" else {
                plain.append(character)
                continue
            }
            switch characters.next() {
            case "-": plain += "-"
            case "u": plain += "_"
            case "d": plain += "."
            default: plain += "?"
            }
        }
        return plain
    }
}
