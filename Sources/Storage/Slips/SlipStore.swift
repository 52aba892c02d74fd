package import Payments
package import PostgreSQL

/// Transfer slips that were accepted, each once.
package enum SlipStore {
    /// A slip, by the names that make it one.
    package struct Name: Sendable, Hashable {
        package let provider: ProviderName
        package let sendingBank: String
        package let transactionReference: String

        /// Names a slip.
        package init(provider: ProviderName, sendingBank: String, transactionReference: String) {
            self.provider = provider
            self.sendingBank = sendingBank
            self.transactionReference = transactionReference
        }
    }

    /// Writes a slip; no row is affected when it is there already.
    package static func insert(_ name: Name, for charge: ChargeID, at now: Timestamp) -> Command {
        Command(insertSlip, parameters(name) + [.uuid(charge.value), .timestamp(now.microseconds)])
    }

    /// Finds the charge that a slip was accepted for.
    package static func find(_ name: Name) -> Command {
        Command(findSlip, parameters(name))
    }

    /// Reads the charge that `find` found; nil when the slip is new.
    package static func decode(_ result: QueryResult) throws -> ChargeID? {
        try result.rows.first.map { try $0.identifier(0) }
    }

    private static func parameters(_ name: Name) -> [Parameter] {
        [.text(name.provider.text), .text(name.sendingBank), .text(name.transactionReference)]
    }

    private static let insertSlip = Statement(
        "slips_insert",
        """
        INSERT INTO payment_slips (provider, sending_bank, transaction_reference, charge_id, accepted_at)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
        """
    )

    private static let findSlip = Statement(
        "slips_find",
        "SELECT charge_id FROM payment_slips WHERE provider = $1 AND sending_bank = $2 AND transaction_reference = $3"
    )
}
