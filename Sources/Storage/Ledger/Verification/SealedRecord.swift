/// What is sealed beside the books; each kind is the rows of a table, as they were when they were written.
///
/// Migration 0013 makes the seals, and 0014 those of withdrawals; the columns here are those that they take, in their order. A new kind is
/// a case here and a trigger there.
enum SealedRecord: String, CaseIterable {
    case webhookEvent = "webhook_event"
    case charge
    case notification
    case manualEntry = "manual_entry"
    case manualEntryTransfers = "manual_entry_transfers"
    case manualEntryDecision = "manual_entry_decision"
    case withdrawal
    case withdrawalDecision = "withdrawal_decision"

    /// What a sentence calls it.
    var title: String { rawValue.replacing("_", with: " ") }

    /// The table that holds it.
    var table: String {
        switch self {
        case .webhookEvent: "webhook_events"
        case .charge: "charges"
        case .notification: "notifications"
        case .manualEntry: "manual_entries"
        case .manualEntryTransfers: "manual_entry_transfers"
        case .manualEntryDecision: "manual_entry_decisions"
        case .withdrawal: "withdrawals"
        case .withdrawalDecision: "withdrawal_decisions"
        }
    }

    /// The columns that never change after the row was written; the first one names the record.
    var columns: [String] {
        switch self {
        case .webhookEvent: ["id", "provider", "event_id", "event_type", "headers", "body", "received_at"]
        case .charge:
            [
                "id", "order_id", "order_number", "customer_id", "amount", "asset", "method", "capture", "card_token", "return_url",
                "expires_at", "metadata", "provider", "created_at", "coin",
            ]
        case .notification: ["id", "type", "cause", "ordering_key", "ordinal", "body", "created_at"]
        case .manualEntry: ["id", "requested_by", "requested_at", "occurred_at", "reason"]
        case .manualEntryTransfers:
            [
                "manual_entry_id", "ordinal", "debit_account", "debit_class", "debit_rule", "credit_account", "credit_class", "credit_rule",
                "asset", "amount",
            ]
        case .manualEntryDecision: ["manual_entry_id", "requested_by", "decided_by", "decision", "entry_id", "reason", "decided_at"]
        case .withdrawal:
            [
                "id", "customer_id", "asset", "amount", "destination", "provider", "requested_by", "approval_limit", "needs_approval",
                "created_at",
            ]
        case .withdrawalDecision:
            ["withdrawal_id", "requested_by", "needs_approval", "decided_by", "decision", "reason", "decided_at"]
        }
    }

    /// A query for the name and the content of every record: its columns in PostgreSQL's binary form, behind their types and lengths.
    var rows: String {
        let content = "record_send(ROW(\(columns.joined(separator: ", "))))"
        guard self == .manualEntryTransfers else { return "SELECT \(columns[0]) AS id, \(content) AS content FROM \(table)" }
        // All transfers of one manual entry are one record.
        return "SELECT \(columns[0]) AS id, string_agg(\(content), '' ORDER BY ordinal) AS content FROM \(table) GROUP BY \(columns[0])"
    }

    /// All records, of two columns.
    var copy: String { "COPY (\(rows)) TO STDOUT (FORMAT binary)" }
}
