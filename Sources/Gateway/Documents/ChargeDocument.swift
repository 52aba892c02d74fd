package import Payments
import QRCodes
package import StrictJSON

/// A charge as the outside sees it: in answers, in lists and in notifications.
package enum ChargeDocument {
    /// The charge as JSON text.
    package static func bytes(_ charge: Charge) -> [UInt8] {
        var writer = JSONWriter()
        write(charge, to: &writer)
        return writer.bytes
    }

    /// Writes the charge, members in the order of the contract.
    package static func write(_ charge: Charge, to writer: inout JSONWriter) {
        writer.object { document in
            writeOrder(charge, to: &document)
            writeState(charge, to: &document)
        }
    }

    private static func writeOrder(_ charge: Charge, to document: inout JSONWriter) {
        let order = charge.order
        document.member("id", charge.id.description)
        document.member("order_id", order.orderID)
        document.member("order_number", order.orderNumber)
        document.member("customer_id", order.customerID)
        document.member("status", charge.status.rawValue)
        document.member("amount", order.amount.decimal)
        document.member("currency", order.amount.asset.code)
        document.member("amount_captured", charge.amountCaptured.decimal)
        document.member("amount_refunded", charge.amountRefunded.decimal)
        document.member("method", order.method.rawValue)
        document.member("provider", charge.provider.text)
        document.member("provider_reference", charge.providerReference)
        document.member("capture", order.capture.rawValue)
    }

    private static func writeState(_ charge: Charge, to document: inout JSONWriter) {
        document.member("next_action") { writer in
            if let action = charge.nextAction { write(action, to: &writer) } else { writer.write(.null) }
        }
        document.member("failure") { writer in
            if let failure = charge.failure { write(failure, to: &writer) } else { writer.write(.null) }
        }
        document.member("metadata") { writer in
            writer.write(.object(JSONObject(charge.order.metadata.map { ($0.name, .string($0.value)) })))
        }
        document.member("expires_at", charge.order.expiresAt?.rfc3339)
        document.member("created_at", charge.createdAt.rfc3339)
        document.member("updated_at", charge.updatedAt.rfc3339)
        document.member("version", charge.version)
    }

    private static func write(_ action: NextAction, to writer: inout JSONWriter) {
        writer.object { document in
            switch action {
            case .displayQR(let payload, let expiresAt):
                document.member("type", "display_qr")
                document.member("qr_string", payload)
                document.member("qr_code", try? QRSymbol(payload).dataURI())
                document.member("expires_at", expiresAt?.rfc3339)
            case .sendCrypto(let address, let uri, let amount, let expiresAt):
                document.member("type", "send_crypto")
                document.member("address", address)
                document.member("asset", amount.asset.code)
                document.member("amount", amount.decimal)
                document.member("uri", uri)
                document.member("qr_string", uri)
                document.member("qr_code", try? QRSymbol(uri).dataURI())
                document.member("expires_at", expiresAt?.rfc3339)
            case .redirect(let url):
                document.member("type", "redirect")
                document.member("url", url)
            }
        }
    }

    static func write(_ failure: ChargeFailure, to writer: inout JSONWriter) {
        writer.object { document in
            document.member("code", failure.code)
            document.member("message", failure.message)
            document.member("provider_code", failure.providerCode)
            document.member("retryable", failure.isRetryable)
        }
    }
}
