/// The name of a ledger account: two to eight segments parted by colons.
///
/// Segments are 1 to 64 characters of `A-Z a-z 0-9 . _ -`; that keeps names usable in addresses, exports and journals without quoting.
package struct AccountName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The whole name.
    package let text: String
    /// Of the text; postings look the same names up again and again.
    private let hash: UInt64

    /// Checks and wraps a name; nil when it is not well formed.
    package init?(_ text: String) {
        let segments = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard (2...8).contains(segments.count), segments.allSatisfy({ AccountName.isSegment($0) }) else { return nil }
        self.init(checked: text)
    }

    init(segments: [String]) {
        self.init(checked: segments.joined(separator: ":"))
    }

    private init(checked text: String) {
        self.text = text
        hash = AccountName.hash(of: text)
    }

    package var description: String { text }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(hash)
    }

    package static func == (left: AccountName, right: AccountName) -> Bool {
        left.hash == right.hash && left.text == right.text
    }

    /// FNV-1a of 64 bits.
    ///
    /// Who could choose names that collide holds a key of the order core, and would only slow its own calls down.
    private static func hash(of text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    package static func < (left: AccountName, right: AccountName) -> Bool {
        left.text < right.text
    }

    /// Whether `bytes` may stand between two colons.
    static func isSegment(_ bytes: some Collection<UInt8>) -> Bool {
        (1...64).contains(bytes.count)
            && bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
