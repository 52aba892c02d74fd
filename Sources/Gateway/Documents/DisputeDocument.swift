import Payments
import StrictJSON

/// A dispute as the outside sees it.
enum DisputeDocument {
    /// Writes the dispute, members in the order of the contract.
    static func write(_ dispute: Dispute, to writer: inout JSONWriter) {
        writer.object { document in
            document.member("id", dispute.id.description)
            document.member("charge_id", dispute.chargeID?.description)
            document.member("status", dispute.status.rawValue)
            document.member("amount", dispute.amount.decimal)
            document.member("currency", dispute.amount.asset.code)
            document.member("reason", dispute.reason)
            document.member("respond_by", dispute.respondBy?.rfc3339)
            document.member("provider", dispute.provider.text)
            document.member("provider_reference", dispute.providerReference)
            document.member("created_at", dispute.createdAt.rfc3339)
            document.member("updated_at", dispute.updatedAt.rfc3339)
            document.member("version", dispute.version)
        }
    }
}
