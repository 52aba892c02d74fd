package import Payments
package import StrictJSON

/// A manual entry as the outside sees it.
package enum ManualEntryDocument {
    /// The entry as JSON, members in the order of the contract.
    package static func json(_ entry: ManualEntry) -> JSONValue {
        var entryID: EntryID?
        if case .approved(let id)? = entry.decision?.outcome { entryID = id }
        return .object(
            JSONObject([
                ("id", .string(entry.id.description)),
                ("status", .string(entry.status.rawValue)),
                ("reason", .string(entry.reason)),
                ("occurred_at", .string(entry.occurredAt.rfc3339)),
                ("requested_by", .string(entry.requestedBy.description)),
                ("requested_at", .string(entry.requestedAt.rfc3339)),
                ("decided_by", text(entry.decision?.decidedBy.description)),
                ("decided_at", text(entry.decision?.decidedAt.rfc3339)),
                ("decision_reason", text(entry.decision?.reason)),
                ("entry_id", text(entryID?.description)),
                ("transfers", .array(entry.transfers.map(TransferDocument.json))),
            ])
        )
    }

    private static func text(_ value: String?) -> JSONValue {
        value.map { .string($0) } ?? .null
    }
}

/// A transfer as the outside sees it.
package enum TransferDocument {
    /// The transfer as JSON: both accounts by name.
    package static func json(_ transfer: Transfer) -> JSONValue {
        .object(
            JSONObject([
                ("debit", .string(transfer.debit.name.text)),
                ("credit", .string(transfer.credit.name.text)),
                ("amount", .string(transfer.amount.decimal)),
                ("currency", .string(transfer.amount.asset.code)),
            ])
        )
    }
}
