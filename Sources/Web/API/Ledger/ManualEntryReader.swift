import Payments
import StrictJSON

/// Reads the body of `POST /v1/ledger/entries`.
enum ManualEntryReader {
    private static let reasonBytesMax = 500
    private static let transfersMax = 100
    private static let nameForm = "This member must be the name of an account, such as bank:kbank:THB."

    /// What is asked for, well formed.
    ///
    /// - Throws: `Problem` that names the member at fault.
    static func draft(_ object: JSONObject) throws(Problem) -> ManualEntryDraft {
        var reader = ObjectReader(object)
        let reason = try reader.text("reason", lengthMax: reasonBytesMax)
        let occurredAt = try occurredAt(&reader)
        var movements: [ManualEntryDraft.Movement] = []
        for var transfer in try reader.objects("transfers", count: 1...transfersMax) {
            movements.append(
                ManualEntryDraft.Movement(
                    debit: try transfer.value("debit", nameForm, AccountName.init),
                    credit: try transfer.value("credit", nameForm, AccountName.init),
                    amount: try transfer.amount()
                )
            )
            try transfer.finish()
        }
        var accounts: [ManualEntryDraft.AccountDeclaration] = []
        for var account in try reader.objects("accounts", count: 0...2 * transfersMax) {
            accounts.append(
                ManualEntryDraft.AccountDeclaration(
                    name: try account.value("name", nameForm, AccountName.init),
                    kind: try account.value("class", "This member must be a class of account.", AccountClass.init(rawValue:)),
                    asset: try account.currency()
                )
            )
            try account.finish()
        }
        try reader.finish()
        return ManualEntryDraft(reason: reason, occurredAt: occurredAt, movements: movements, accounts: accounts)
    }

    private static func occurredAt(_ reader: inout ObjectReader) throws(Problem) -> Timestamp? {
        guard let text = try reader.optionalText("occurred_at") else { return nil }
        guard let time = Timestamp(rfc3339: text) else {
            throw .field(reader.pointer("occurred_at"), "This member must be a time such as 2026-11-23T09:30:00Z.")
        }
        return time
    }
}
