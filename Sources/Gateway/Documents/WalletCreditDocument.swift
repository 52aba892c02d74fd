package import Payments
package import StrictJSON

/// What became of a call to credit wallets, as the outside sees it.
package enum WalletCreditDocument {
    /// The counts and the sum.
    package static func json(_ summary: WalletCreditSummary) -> JSONValue {
        .object(
            JSONObject([
                ("batch_id", .string(summary.batchID)),
                ("reason", .string(summary.reason)),
                ("amount", .string(summary.amount.decimal)),
                ("currency", .string(summary.amount.asset.code)),
                ("credited", number(summary.credited)),
                ("already_credited", number(summary.alreadyCredited)),
                ("different_content", number(summary.differentContent)),
                ("refused", number(summary.refused)),
            ])
        )
    }

    private static func number(_ count: Int) -> JSONValue {
        .number(JSONNumber(Int64(count)))
    }
}
