import Cryptography
import Payments

/// One link of a chain: all entries or account closures of one commit, fixed together with everything that the chain held before.
struct JournalSeal: Sendable, Hashable {
    let chainID: SealChainID
    let number: Int64
    let previousDigest: [UInt8]
    let digest: [UInt8]
    let entryIDs: [EntryID]
    var closedAccountIDs: [UInt128] = []
    let sealedAt: Timestamp

    /// SHA-256 over the digest before, the seal's place, its time, every entry's id, time of posting and content, and, where accounts
    /// were closed, every closure.
    static func digest(
        previous: [UInt8],
        chainID: SealChainID,
        number: Int64,
        sealedAt: Timestamp,
        entries: [(id: EntryID, postedAt: Timestamp, content: [UInt8])],
        closures: [AccountClosure] = []
    ) -> [UInt8] {
        var content = CanonicalBytes(capacity: 80 + 56 * entries.count)
        content.append(raw: previous)
        content.append(chainID.value)
        content.append(number)
        content.append(sealedAt.microseconds)
        content.append(Int32(entries.count))
        for entry in entries {
            content.append(entry.id.value)
            content.append(entry.postedAt.microseconds)
            content.append(raw: entry.content)
        }
        if !closures.isEmpty {
            content.append(Int32(closures.count))
            for closure in closures { closure.append(to: &content) }
        }
        return SHA256.digest(content.bytes)
    }
}
