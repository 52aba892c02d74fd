import Cryptography
import Payments

/// The digest of an entry's content, which tells an entry that is there already from another of the same cause, and which is sealed.
enum EntryDigest {
    /// SHA-256 over everything but the id and the time of posting, which differ when the same thing is asked for twice.
    ///
    /// The accounts' classes and rules are part of it, so that an entry shows when its accounts are changed behind its back; their names
    /// are, because their ids are made from them.
    static func of(_ entry: BookedEntry, known: [AccountName: KnownAccounts.Known]) -> [UInt8] {
        var content = CanonicalBytes(capacity: 160 + 128 * entry.transfers.count)
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
            for account in [transfer.debit, transfer.credit] {
                content.append(known[account.name]?.id ?? LedgerStore.accountID(account.name))
                content.append(account.kind.rawValue)
                content.append(account.rule.rawValue)
            }
            content.append(transfer.amount.asset.code)
            content.append(String(transfer.amount.minorUnits))
        }
        return SHA256.digest(content.bytes)
    }
}
