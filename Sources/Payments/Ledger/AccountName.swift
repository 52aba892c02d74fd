/// The name of a ledger account: two to eight segments parted by colons.
///
/// Segments are 1 to 64 characters of `A-Z a-z 0-9 . _ -`; that keeps names usable in addresses, exports and journals without quoting.
package struct AccountName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The whole name.
    package let text: String

    /// Checks and wraps a name; nil when it is not well formed.
    package init?(_ text: String) {
        let segments = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard (2...8).contains(segments.count), segments.allSatisfy({ AccountName.isSegment($0) }) else { return nil }
        self.text = text
    }

    init(segments: [String]) {
        text = segments.joined(separator: ":")
    }

    package var description: String { text }

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
