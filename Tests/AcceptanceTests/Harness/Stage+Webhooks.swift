import Cryptography
import Foundation
import HTTPTypes
import StrictJSON
import TestSupport

extension Stage {
    /// A PaymentIntent of Stripe's as an event tells it.
    struct Intent {
        var id = "pi_" + UUID().uuidString
        var status = "succeeded"
        var amount = 24_000
        var currency = "thb"
        var chargeID: String?
    }

    /// The body of a Stripe event.
    static func event(_ type: String, _ intent: Intent, id: String = "evt_" + UUID().uuidString, created: Int? = nil) -> String {
        let charge = intent.chargeID.map { #"{"charge_id":"\#($0)"}"# } ?? "{}"
        let received = intent.status == "succeeded" ? intent.amount : 0
        let object = """
            {"id":"\(intent.id)","object":"payment_intent","status":"\(intent.status)","amount":\(intent.amount),\
            "amount_received":\(received),"amount_capturable":0,"currency":"\(intent.currency)","created":1795320000,"metadata":\(charge)}
            """
        let time = created ?? Int(Date().timeIntervalSince1970)
        return #"{"id":"\#(id)","object":"event","type":"\#(type)","created":\#(time),"data":{"object":\#(object)}}"#
    }

    /// A bank's confirmation of a payment for a PromptPay reference.
    static func confirmation(
        reference: String,
        amount: String,
        transaction: String = "T" + UUID().uuidString,
        paidAt: String = "2026-11-23T12:00:00+07:00",
        currency: String = "764"
    ) -> String {
        """
        {"transactionId":"\(transaction)","amount":"\(amount)","currencyCode":"\(currency)","transactionDateandTime":"\(paidAt)",\
        "billPaymentRef1":"\(reference)","billPaymentRef2":"1","payeeProxyType":"BILLERID","payeeProxyId":"010556207402701"}
        """
    }

    /// Lets a customer dispute a card charge; returns Stripe's name for the dispute.
    func dispute(_ charge: JSONValue, _ extra: String = "") async throws -> String {
        let intent = charge["provider_reference"]?.string ?? ""
        let answer = try await control(stripe("/_simulator/dispute"), #"{"payment_intent":"\#(intent)"\#(extra)}"#)
        guard answer.status == 200 else { throw StageError("the dispute was answered \(answer.status)") }
        return answer.json["id"]?.string ?? ""
    }

    /// Posts a Stripe event as Stripe would, or with another secret or an older time.
    func postStripe(_ body: String, secret: String = Stage.stripeSecret, age: Int = 0) async throws -> Answer {
        try await post("/webhooks/stripe", body, .stripeSignature, secret: secret, age: age)
    }

    /// Posts a bank's confirmation, to the usual address or one that goes on.
    func postBank(_ body: String, secret: String = Stage.bankSecret, age: Int = 0, address: String = "") async throws -> Answer {
        try await post("/webhooks/promptpay" + address, body, .bankSignature, secret: secret, age: age)
    }

    private func post(_ path: String, _ body: String, _ header: HTTPField.Name, secret: String, age: Int) async throws -> Answer {
        let time = Int(Date().timeIntervalSince1970) - age
        let code = HMACSHA256.authenticationCode(for: Array("\(time).\(body)".utf8), key: Array(secret.utf8))
        let headers: HTTPFields = [.contentType: "application/json", header: "t=\(time),v1=\(Hexadecimal.encode(code))"]
        return try await send(.post, gatewayURL + path, headers: headers, body: Array(body.utf8))
    }

    /// The value of a metric with these labels; 0 when it was never counted.
    func metric(_ name: String, _ labels: [String: String]) async throws -> Double {
        let lines = String(decoding: try await get("/metrics").body, as: UTF8.self).split(separator: "\n")
        let line = lines.first { line in
            line.hasPrefix(name + "{") && labels.allSatisfy { line.contains("\($0.key)=\"\($0.value)\"") }
        }
        return line?.split(separator: " ").last.flatMap { Double($0) } ?? 0
    }

    /// Waits until a metric has a value; what is counted is counted a moment after it is done.
    func metric(_ name: String, _ labels: [String: String], becomes value: Double) async throws -> Bool {
        try await waitUntil(.seconds(90)) { try await self.metric(name, labels) == value }
    }

    /// How many webhooks the gateway has kept, by outcome.
    func webhooks(_ filter: String = "") async throws -> [JSONValue] {
        try await get("/v1/webhook-events?limit=100\(filter)").json["data"]?.array ?? []
    }

    /// Waits until nothing that was stored still waits to be processed.
    func settled(within limit: Duration = .seconds(120)) async throws -> Bool {
        try await waitUntil(limit) { try await self.webhooks("&status=received").isEmpty }
    }

    /// Requests with an idempotency key that have reached the simulated Stripe.
    func requestsAtStripe() async throws -> Int64 {
        let state = try await send(.get, stripe("/_control/state")).json
        return (state["requests_by_key"]?.object?.members ?? []).reduce(0) { $0 + ($1.value.int64 ?? 0) }
    }
}
