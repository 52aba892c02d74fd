import Cryptography
import Payments

/// The digests of entries' content, which tell an entry that is there already from another of the same cause, and which are sealed.
///
/// One buffer and one computation serve for all of them.
struct EntryDigest {
    private let known: [AccountName: KnownAccounts.Known]
    private var content = CanonicalBytes(capacity: 512)
    private let hasher = WordHasher()

    /// Makes digests of entries on these accounts and others.
    init(known: [AccountName: KnownAccounts.Known]) {
        self.known = known
    }

    /// The digest of a single entry.
    static func of(_ entry: BookedEntry, known: [AccountName: KnownAccounts.Known]) -> [UInt8] {
        var digest = EntryDigest(known: known)
        return digest.of(entry)
    }

    /// SHA-256 over everything but the id and the time of posting, which differ when the same thing is asked for twice.
    ///
    /// The accounts' classes and rules are part of it, so that an entry shows when its accounts are changed behind its back; their names
    /// are, because their ids are made from them.
    mutating func of(_ entry: BookedEntry) -> [UInt8] {
        content.removeAll()
        content.append(entry.cause.text)
        content.append(entry.kind.rawValue)
        content.append(entry.phase.rawValue)
        content.append(optional: entry.chargeID?.value)
        content.append(entry.occurredAt.microseconds)
        content.append(optional: entry.expiresAt?.microseconds)
        content.append(optional: entry.pendingEntryID?.value)
        content.append(optional: entry.reason)
        content.append(optional: entry.exchangeRate?.description)
        content.append(Int32(entry.transfers.count))
        for transfer in entry.transfers {
            append(transfer.debit)
            append(transfer.credit)
            content.append(transfer.amount.asset.code)
            // Numbers of one word become text ten times as fast.
            content.append(Int64(exactly: transfer.amount.minorUnits).map { String($0) } ?? String(transfer.amount.minorUnits))
        }
        return hasher.digest(content.bytes).digestBytes
    }

    private mutating func append(_ account: LedgerAccount) {
        content.append(known[account.name]?.id ?? LedgerStore.accountID(account.name))
        content.append(account.kind.rawValue)
        content.append(account.rule.rawValue)
    }
}
