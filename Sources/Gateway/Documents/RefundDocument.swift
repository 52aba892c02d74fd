package import Payments
package import StrictJSON

/// A refund as the outside sees it: in answers, in lists and in notifications.
package enum RefundDocument {
    /// The refund as JSON text.
    package static func bytes(_ refund: Refund) -> [UInt8] {
        var writer = JSONWriter()
        write(refund, to: &writer)
        return writer.bytes
    }

    /// Writes the refund, members in the order of the contract.
    package static func write(_ refund: Refund, to writer: inout JSONWriter) {
        writer.object { document in
            document.member("id", refund.id.description)
            document.member("charge_id", refund.chargeID?.description)
            document.member("status", refund.status.rawValue)
            document.member("amount", refund.amount.decimal)
            document.member("currency", refund.amount.asset.code)
            document.member("reason", refund.reason)
            document.member("provider", refund.provider.text)
            document.member("provider_reference", refund.providerReference)
            document.member("failure") { writer in
                if let failure = refund.failure { ChargeDocument.write(failure, to: &writer) } else { writer.write(.null) }
            }
            document.member("created_at", refund.createdAt.rfc3339)
            document.member("updated_at", refund.updatedAt.rfc3339)
            document.member("version", refund.version)
        }
    }
}
