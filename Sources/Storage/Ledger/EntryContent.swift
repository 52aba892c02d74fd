import Cryptography
import Payments

/// The content of an entry as a digest, which tells an entry that is there already from another of the same cause.
enum EntryContent {
    /// SHA-256 over kind, charge, time and transfers; everything but the id and the time of posting.
    static func digest(of entry: JournalEntry) -> [UInt8] {
        var text = "\(entry.kind.rawValue)\n\(entry.chargeID?.description ?? "")\n\(entry.occurredAt.microseconds)\n"
        for transfer in entry.transfers {
            text += "\(transfer.debit.name)\n\(transfer.credit.name)\n\(transfer.amount.minorUnits) \(transfer.amount.asset.code)\n"
        }
        return SHA256.digest(Array(text.utf8))
    }
}
