/// The names of accounts in hledger's and beancount's journals.
///
/// `provider:stripe:clearing:THB` of the class asset is `Assets:Provider:Stripe:Clearing:THB`. Beancount wants every part to begin with a
/// capital or a digit and to go on with letters, digits and `-`. The mapping can be undone, so two accounts never become one:
///
/// - Inside a segment `-` is `--`, `_` is `-u` and `.` is `-d`.
/// - The first letter becomes a capital. `-x` after it says that it was not what is usual: usual is a small letter, or a capital where the
///   rest has capitals and no small letters (`THB`). So `stripe` is `Stripe`, `Stripe` is `S-xtripe`, `THB` is `THB`, `tHB` is `T-xHB`.
/// - `0-x` comes before a segment that begins with `-`, `_` or `.`.
/// - The last part is always the asset: `In-THB` is added where the last segment is another, and `-i` to a segment further inside that is
///   a code of an asset. So no account lies below another, where beancount would add both up in a balance.
package enum JournalAccountName {
    /// The other side of opening balances; no account of the ledger has a name of two parts.
    package static let openingBalances = "Equity:OpeningBalances"

    /// The name of an account in a journal.
    package static func text(of account: LedgerAccount) -> String {
        let segments = account.name.text.split(separator: ":")
        let endsWithAsset = segments.last.map { $0 == account.asset.code } ?? false
        var text = root(of: account.kind)
        for segment in endsWithAsset ? segments.dropLast() : segments[...] {
            append(segment.utf8, to: &text)
            if Asset(code: String(segment)) != nil { text += "-i" }
        }
        return text + (endsWithAsset ? ":" : ":In-") + account.asset.code
    }

    private static func root(of kind: AccountClass) -> String {
        switch kind {
        case .asset: "Assets"
        case .liability: "Liabilities"
        case .equity: "Equity"
        case .income: "Income"
        case .expense: "Expenses"
        }
    }

    private static func append(_ segment: Substring.UTF8View, to text: inout String) {
        text += ":"
        let rest = segment.dropFirst()
        switch segment.first {
        case .some(let letter) where isSmall(letter):
            append(letter - (UInt8(ascii: "a") - UInt8(ascii: "A")), to: &text)
            if isInCapitals(rest) { text += "-x" }
            for byte in rest { append(byte, to: &text) }
        case .some(let letter) where isCapital(letter):
            append(letter, to: &text)
            if !isInCapitals(rest) { text += "-x" }
            for byte in rest { append(byte, to: &text) }
        case .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
            for byte in segment { append(byte, to: &text) }
        default:
            text += "0-x"
            for byte in segment { append(byte, to: &text) }
        }
    }

    private static func append(_ byte: UInt8, to text: inout String) {
        switch byte {
        case UInt8(ascii: "-"): text += "--"
        case UInt8(ascii: "_"): text += "-u"
        case UInt8(ascii: "."): text += "-d"
        default: text.unicodeScalars.append(Unicode.Scalar(byte))
        }
    }

    private static func isInCapitals(_ bytes: Substring.UTF8View.SubSequence) -> Bool {
        bytes.contains(where: isCapital) && !bytes.contains(where: isSmall)
    }

    private static func isCapital(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
    private static func isSmall(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
}
