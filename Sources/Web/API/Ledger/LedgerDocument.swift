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
                ("closed", .bool(standing.isClosed)),
            ])
        )
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
