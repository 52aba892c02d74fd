import HTTPTypes
import StrictJSON
import TestSupport
import Testing

extension ContractTour {
    /// Captures, cancellations and refunds of a charge.
    static func operations(_ names: Names) -> [(HTTPRequest.Method, String)] {
        ["capture", "cancel", "refunds"].map { (.post, "/v1/charges/\(names.charge)/\($0)") }
    }

    /// Charges that are captured, closed and given back, in every outcome; returns a refund.
    func operations() async throws -> String {
        var charges: [String] = []
        for _ in 0..<4 { charges.append(try await held()) }
        for _ in 0..<2 { #expect(try await operate(charges[0], "capture", #"{"amount":"100.00"}"#, key: "capture").status == 200) }
        let refund = try await operate(charges[0], "refunds", #"{"amount":"40.00","reason":"คืนเงิน"}"#, key: "refund")
        #expect(refund.status == 200 && refund.json["status"]?.string == "succeeded")
        #expect(try await operate(charges[1], "cancel", "{}").status == 200)
        try await refused(charges)
        try await unknown(charges)
        return try #require(refund.json["id"]?.string)
    }

    private func held() async throws -> String {
        let details = #""capture":"manual","payment_details":{"card_token":"pm_card_visa"}"#
        let charge = try await traffic.create(stage, "{\(Self.card),\(details)}")
        #expect(charge.json["status"]?.string == "authorized")
        return try #require(charge.json["id"]?.string)
    }

    /// What the charge's state, the amounts and the form do not allow.
    private func refused(_ charges: [String]) async throws {
        #expect(try await operate(charges[0], "capture", "{}").code == "charge_not_capturable")
        #expect(try await operate(charges[1], "cancel", "{}").code == "charge_not_cancelable")
        #expect(try await operate(charges[1], "refunds", "{}").code == "charge_not_refundable")
        #expect(try await operate(charges[2], "capture", #"{"amount":"240.01"}"#).code == "capture_amount_too_large")
        #expect(try await operate(charges[0], "refunds", #"{"amount":"60.01"}"#).code == "refund_amount_too_large")
        for operation in ["capture", "cancel", "refunds"] {
            #expect(try await operate(charges[2], operation, "{}", key: "capture").code == "idempotency_key_reused")
            #expect(try await operate(charges[2], operation, #"{"surprise":1}"#).code == "invalid_request")
            #expect(try await operate(charges[2], operation, #"{"pan":"4242424242424242"}"#).code == "card_number_refused")
            let path = "/v1/charges/\(charges[2])/\(operation)"
            #expect(try await traffic.create(stage, "{}", at: path, contentType: "text/plain").status == 415)
            #expect(try await operate(charges[2], operation, #"{"reason":"\#(String(repeating: "r", count: 17_000))"}"#).status == 413)
        }
        for body in [#"{"amount":""}"#, #"{"amount":1}"#] {
            #expect(try await operate(charges[2], "capture", body).code == "invalid_request")
            #expect(try await operate(charges[0], "refunds", body).code == "invalid_request")
        }
        #expect(try await operate(charges[2], "capture", #"{"amount":"0.001"}"#).code == "invalid_amount")
    }

    /// Stripe fails before it does anything; what was asked for is done soon after.
    private func unknown(_ charges: [String]) async throws {
        try await stage.control(stage.stripe("/_simulator/misbehaviour"), #"{"status":500,"count":3}"#)
        #expect(try await operate(charges[2], "capture", "{}").status == 202)
        #expect(try await operate(charges[3], "cancel", "{}").status == 202)
        #expect(try await operate(charges[0], "refunds", #"{"amount":"10.00"}"#).status == 202)
        #expect(try await stage.charge(charges[2], becomes: "succeeded")["status"]?.string == "succeeded")
        #expect(try await stage.charge(charges[3], becomes: "canceled")["status"]?.string == "canceled")
        let isGiven = try await waitUntil(.seconds(90)) {
            try await stage.get("/v1/charges/\(charges[0])").json["amount_refunded"]?.string == "50.00"
        }
        #expect(isGiven)
    }

    private func operate(_ charge: String, _ operation: String, _ body: String, key: String? = nil) async throws -> Stage.Answer {
        let path = "/v1/charges/\(charge)/\(operation)"
        guard let key else { return try await traffic.create(stage, body, at: path) }
        return try await traffic.create(stage, body, at: path, key: key)
    }
}
