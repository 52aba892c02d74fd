package import Payments
package import StrictJSON

/// A withdrawal as the outside sees it: in answers, in lists and in notifications.
package enum WithdrawalDocument {
    /// The withdrawal as JSON text.
    package static func bytes(_ withdrawal: Withdrawal) -> [UInt8] {
        var writer = JSONWriter()
        write(withdrawal, to: &writer)
        return writer.bytes
    }

    /// Writes the withdrawal, members in the order of the contract.
    package static func write(_ withdrawal: Withdrawal, to writer: inout JSONWriter) {
        writer.object { document in
            document.member("id", withdrawal.id.description)
            document.member("customer_id", withdrawal.customerID)
            document.member("status", withdrawal.status.rawValue)
            document.member("amount", withdrawal.amount.decimal)
            document.member("currency", withdrawal.amount.asset.code)
            document.member("destination", withdrawal.destination.description)
            document.member("provider", withdrawal.provider.text)
            document.member("provider_reference", withdrawal.providerReference)
            document.member("fee", withdrawal.fee?.decimal)
            document.member("fee_currency", withdrawal.fee?.asset.code)
            document.member("failure") { writer in
                if let failure = withdrawal.failure { ChargeDocument.write(failure, to: &writer) } else { writer.write(.null) }
            }
            document.member("requested_by", withdrawal.requestedBy.description)
            document.member("decided_by", withdrawal.decision?.decidedBy?.description)
            document.member("decided_at", withdrawal.decision?.decidedAt.rfc3339)
            document.member("decision_reason", withdrawal.decision?.reason)
            document.member("created_at", withdrawal.createdAt.rfc3339)
            document.member("updated_at", withdrawal.updatedAt.rfc3339)
            document.member("version", withdrawal.version)
        }
    }
}
