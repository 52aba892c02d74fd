import HTTPTypes
import Payments
import StrictJSON

/// Builds requests to the processor's API, which is BTCPay Server's Greenfield in what we use of it; `providers/crypto/README.md`.
struct CryptoRequests: Sendable {
    private let invoices: String

    init(apiBase: String) {
        let base = apiBase.hasSuffix("/") ? String(apiBase.dropLast()) : apiBase
        invoices = base + "/api/v1/stores/truvapay/invoices"
    }

    /// Creates an invoice; the processor has no idempotency keys, so whoever is not sure lists first.
    func create(_ charge: Charge, coin: Asset, expiresAt: Timestamp, confirmations: Int, monitoredFor: Duration) -> ProviderRequest {
        let checkout: [(String, JSONValue)] = [
            ("paymentMethods", .array([.string("\(coin.code)-CHAIN")])),
            ("expirationTime", .number(JSONNumber(expiresAt.seconds))),
            ("confirmations", .number(JSONNumber(Int64(confirmations)))),
            ("monitoringMinutes", .number(JSONNumber(monitoredFor.components.seconds / 60))),
        ]
        let body = JSONValue.object(
            JSONObject([
                ("amount", .string(charge.order.amount.decimal)), ("currency", .string(charge.order.amount.asset.code)),
                ("metadata", .object(JSONObject([("orderId", .string(charge.id.description))]))),
                ("checkout", .object(JSONObject(checkout))),
            ])
        )
        return post("", body)
    }

    /// Finds the invoices that were made for a charge.
    func list(for charge: Charge) -> ProviderRequest {
        ProviderRequest(method: .get, url: "\(invoices)?orderId=\(charge.id)", headers: [:])
    }

    /// Reads an invoice.
    func fetch(_ id: String) -> ProviderRequest {
        ProviderRequest(method: .get, url: "\(invoices)/\(id)", headers: [:])
    }

    /// Closes an invoice to which nothing has come.
    func invalidate(_ id: String) -> ProviderRequest {
        post("/\(id)/status", .object(JSONObject([("status", .string("Invalid"))])))
    }

    private func post(_ path: String, _ body: JSONValue) -> ProviderRequest {
        ProviderRequest(method: .post, url: invoices + path, headers: [.contentType: "application/json"], body: body.serialized())
    }
}
