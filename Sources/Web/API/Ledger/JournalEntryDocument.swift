import Gateway
import Payments
import Storage
import StrictJSON

/// An entry of the journal as the outside sees it.
enum JournalEntryDocument {
    /// The entry with all its transfers.
    static func json(_ entry: JournalEntryView) -> JSONValue {
        let members: [(String, JSONValue)] = [
            ("id", .string(entry.id.description)),
            ("cause", .string(entry.cause.text)),
            ("kind", .string(entry.kind.rawValue)),
            ("phase", .string(entry.phase.rawValue)),
            ("charge_id", text(entry.chargeID?.description)),
            ("pending_entry_id", text(entry.pendingEntryID?.description)),
            ("ended_by", text(entry.endedBy?.description)),
            ("expires_at", text(entry.expiresAt?.rfc3339)),
            ("reason", text(entry.reason)),
            ("exchange_rate", entry.exchangeRate.map(rate) ?? .null),
            ("occurred_at", .string(entry.occurredAt.rfc3339)),
            ("posted_at", .string(entry.postedAt.rfc3339)),
            ("transfers", .array(entry.transfers.map(TransferDocument.json))),
        ]
        return .object(JSONObject(members))
    }

    private static func rate(_ rate: ExchangeRate) -> JSONValue {
        .object(
            JSONObject([
                ("base", .string(rate.base.code)),
                ("quote", .string(rate.quote.code)),
                ("price", .string(rate.price)),
            ])
        )
    }

    private static func text(_ value: String?) -> JSONValue {
        value.map { .string($0) } ?? .null
    }
}
