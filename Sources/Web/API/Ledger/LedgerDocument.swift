import Payments
import Storage
import StrictJSON

/// The books as the outside sees them.
enum LedgerDocument {
    /// One account.
    static func account(_ standing: AccountStanding) -> JSONValue {
        .object(
            JSONObject([
                ("name", .string(standing.account.name.text)),
                ("asset", .string(standing.account.asset.code)),
                ("class", .string(standing.account.kind.rawValue)),
                ("rule", .string(standing.account.rule.rawValue)),
                ("balance", .string(standing.balance.decimal)),
                ("debits", .string(standing.debits.decimal)),
                ("credits", .string(standing.credits.decimal)),
                ("pending_debits", .string(standing.debitsPending.decimal)),
                ("pending_credits", .string(standing.creditsPending.decimal)),
                ("held", .string(standing.held.decimal)),
                ("incoming", .string(standing.incoming.decimal)),
                ("available", .string(standing.available.decimal)),
                ("closed", .bool(standing.isClosed)),
            ])
        )
    }

    /// An entry as an account saw it; `withCurrency` adds which currency it is, where a list holds several.
    static func accountEntry(_ entry: AccountEntry, withCurrency: Bool = false) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("id", .string(entry.id.description)),
            ("cause", .string(entry.cause.text)),
            ("kind", .string(entry.kind.rawValue)),
            ("phase", .string(entry.phase.rawValue)),
            ("charge_id", entry.chargeID.map { .string($0.description) } ?? .null),
            ("reason", entry.reason.map { .string($0) } ?? .null),
            ("occurred_at", .string(entry.occurredAt.rfc3339)),
            ("posted_at", .string(entry.postedAt.rfc3339)),
            ("side", entry.side.map { .string($0.rawValue) } ?? .null),
            ("amount", .string(entry.amount.decimal)),
        ]
        if withCurrency { members.append(("currency", .string(entry.amount.asset.code))) }
        members += [
            ("balance", .string(entry.standing.balance.decimal)),
            ("held", .string(entry.standing.held.decimal)),
            ("available", .string(entry.standing.available.decimal)),
        ]
        return .object(JSONObject(members))
    }

    /// All accounts and the sums of each asset.
    static func trialBalance(_ balance: TrialBalance) -> JSONValue {
        let totals = balance.totals.map { total in
            JSONValue.object(
                JSONObject([
                    ("asset", .string(total.debits.asset.code)),
                    ("debits", .string(total.debits.decimal)),
                    ("credits", .string(total.credits.decimal)),
                ])
            )
        }
        return .object(
            JSONObject([
                ("balanced", .bool(balance.isBalanced)),
                ("totals", .array(totals)),
                ("accounts", .array(balance.accounts.map(account))),
            ])
        )
    }
}
