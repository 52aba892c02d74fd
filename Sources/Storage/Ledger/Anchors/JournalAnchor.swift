import Cryptography
package import Payments

/// A knot of the chains: the heads of those that grew since the anchor before, and that anchor's digest.
package struct JournalAnchor: Sendable, Hashable {
    /// Counts from 1 without gaps.
    package let number: Int64
    let previousDigest: [UInt8]
    /// SHA-256 over everything else; whoever keeps it can tell later whether the books up to here are still the same.
    package let digest: [UInt8]
    let heads: [Head]
    package let anchoredAt: Timestamp

    /// The last seal of a chain at some time.
    package struct Head: Sendable, Hashable {
        let chainID: SealChainID
        let number: Int64
        let digest: [UInt8]
    }

    /// The anchor after `previous`; nil is the very beginning.
    init(after previous: (number: Int64, digest: [UInt8])?, heads: [Head], at now: Timestamp) {
        number = (previous?.number ?? 0) + 1
        previousDigest = previous?.digest ?? SealChain.nothing
        digest = JournalAnchor.digest(previous: previousDigest, number: number, anchoredAt: now, heads: heads)
        self.heads = heads
        anchoredAt = now
    }

    /// SHA-256 over the digest before, the anchor's place, its time, and every head.
    static func digest(previous: [UInt8], number: Int64, anchoredAt: Timestamp, heads: [Head]) -> [UInt8] {
        var content = CanonicalBytes(capacity: 64 + 56 * heads.count)
        content.append(raw: previous)
        content.append(number)
        content.append(anchoredAt.microseconds)
        append(heads, to: &content)
        return SHA256.digest(content.bytes)
    }

    static func append(_ heads: [Head], to content: inout CanonicalBytes) {
        content.append(Int32(heads.count))
        for head in heads {
            content.append(head.chainID.value)
            content.append(head.number)
            content.append(raw: head.digest)
        }
    }
}
