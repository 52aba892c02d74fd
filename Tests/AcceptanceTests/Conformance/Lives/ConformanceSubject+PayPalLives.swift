import Cryptography
import Foundation
import HTTPTypes
import StrictJSON

extension ConformanceSubject {
    /// Lives of PayPal orders.
    ///
    /// The order is captured as by a gateway that has forgotten it since, so that even the approval can come last. PayPal is asked at
    /// each event how things stand, and here they stand as in the end; so a dispute that is over is never seen open.
    static let payPalLives = [
        ConformanceLife(
            name: "reviewed, then a part given back at PayPal's desk",
            live: { stage, charge in
                try await stage.payPalOrder("next", #"{"captures":["PENDING"]}"#)
                let capture = try await captured(stage, charge)
                try await stage.payPalOrder("captures/\(capture)/complete")
                try await refundAtPayPal(stage, capture)
                return names(charge, capture)
            },
            events: [
                "CHECKOUT.ORDER.APPROVED", "PAYMENT.CAPTURE.PENDING", "CHECKOUT.ORDER.COMPLETED", "PAYMENT.CAPTURE.COMPLETED",
                "PAYMENT.CAPTURE.REFUNDED",
            ],
            refunded: "60.00",
            owed: "40.00",
            told: ["charge.requires_action", "charge.succeeded", "refund.succeeded"]
        ),
        ConformanceLife(
            name: "disputed, reversed and won, then a part given back at PayPal's desk",
            live: { stage, charge in
                let capture = try await captured(stage, charge)
                try await dispute(stage, capture, "RESOLVED_SELLER_FAVOUR")
                try await refundAtPayPal(stage, capture)
                return names(charge, capture)
            },
            events: [
                "CHECKOUT.ORDER.APPROVED", "PAYMENT.CAPTURE.COMPLETED", "CHECKOUT.ORDER.COMPLETED", "CUSTOMER.DISPUTE.CREATED",
                "PAYMENT.CAPTURE.REVERSED", "CUSTOMER.DISPUTE.UPDATED", "CUSTOMER.DISPUTE.RESOLVED", "PAYMENT.CAPTURE.REFUNDED",
            ],
            refunded: "60.00",
            owed: "40.00",
            told: ["charge.requires_action", "charge.succeeded", "refund.succeeded", "dispute.won"]
        ),
    ]

    private static func names(_ charge: JSONValue, _ capture: String) -> Set<String> {
        [charge["provider_reference"]?.string ?? "", capture]
    }

    /// Lets the payer agree and the order be captured; returns PayPal's name of the capture.
    private static func captured(_ stage: Stage, _ charge: JSONValue) async throws -> String {
        try await stage.approvePayPal(charge)
        let client = Base64.encode(Array("acceptance-client:acceptance-paypal-secret".utf8))
        let asked = try await stage.send(
            .post,
            stage.payPal("/v1/oauth2/token"),
            headers: [.authorization: "Basic \(client)", .contentType: "application/x-www-form-urlencoded"],
            body: Array("grant_type=client_credentials".utf8)
        )
        let order = charge["provider_reference"]?.string ?? ""
        let answer = try await stage.send(
            .post,
            stage.payPal("/v2/checkout/orders/\(order)/capture"),
            headers: [.authorization: "Bearer \(asked.json["access_token"]?.string ?? "")", .contentType: "application/json"],
            body: Array("{}".utf8)
        )
        let unit = answer.json["purchase_units"]?.array?.first
        guard let capture = unit?["payments"]?["captures"]?.array?.first?["id"]?.string else {
            throw StageError("the capture was answered \(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
        }
        return capture
    }

    /// Somebody gives 60.00 back without asking the gateway.
    private static func refundAtPayPal(_ stage: Stage, _ capture: String) async throws {
        try await stage.payPalOrder("captures/\(capture)/refund", #"{"amount":{"currency_code":"USD","value":"60.00"}}"#)
    }

    private static func dispute(_ stage: Stage, _ capture: String, _ outcome: String) async throws {
        let dispute = try await stage.payPalOrder("disputes", #"{"capture_id":"\#(capture)"}"#)["dispute_id"]?.string ?? ""
        let fee = #"{"reverses":true,"fee":{"currency_code":"USD","value":"20.00"}}"#
        try await stage.payPalOrder("disputes/\(dispute)/escalate", fee)
        try await stage.payPalOrder("disputes/\(dispute)/resolve", #"{"outcome":"\#(outcome)"}"#)
    }
}
