import Foundation
import HTTPTypes
import StrictJSON
import TestSupport
import Testing

@Suite("The door for PayPal's webhooks")
struct PayPalWebhookTests {
    private static let simulators = ["paypal", "order-core"]

    /// A delivery that PayPal has not signed.
    private static func headers(_ address: String, id: String = "t-1") throws -> HTTPFields {
        var headers: HTTPFields = [.contentType: "application/json"]
        let values = [
            ("PayPal-Transmission-Id", id), ("PayPal-Transmission-Time", "2026-11-23T11:59:58Z"),
            ("PayPal-Transmission-Sig", Data(repeating: 7, count: 256).base64EncodedString()), ("PayPal-Cert-Url", address),
            ("PayPal-Auth-Algo", "SHA256withRSA"),
        ]
        for (name, value) in values { headers[try #require(HTTPField.Name(name))] = value }
        return headers
    }

    private static let body = Array(#"{"id":"WH-FORGED","event_type":"PAYMENT.CAPTURE.COMPLETED","resource":{"id":"1"}}"#.utf8)

    @Test("forged deliveries are refused by thousands without a row, a fetch for each, or a word in the log", .timeLimit(.minutes(10)))
    func forgeries() async throws {
        try await Stage.run(simulators: Self.simulators) { stage, gateway in
            let good = "https://127.0.0.1:\(stage.ports.payPalCertificates)/v1/notifications/certs/CERT-simulated"
            let count = 2000
            let lines = gateway.lines.count
            for address in [good, "https://evil.example/CERT-1", "http://127.0.0.1:\(stage.ports.payPalCertificates)/CERT-1"] {
                let refused = try await withThrowingTaskGroup(of: Int.self) { group in
                    for worker in 0..<8 {
                        group.addTask {
                            var refused = 0
                            for number in 0..<count / 8 {
                                let headers = try Self.headers(address, id: "t-\(worker)-\(number)")
                                let answer = try await stage.send(
                                    .post,
                                    stage.gatewayURL + "/webhooks/paypal",
                                    headers: headers,
                                    body: Self.body
                                )
                                if answer.status == 400 { refused += 1 }
                            }
                            return refused
                        }
                    }
                    return try await group.reduce(0, +)
                }
                #expect(refused == count, "\(address)")
            }
            let state = try await stage.send(.get, stage.payPal("/_simulator/state")).json
            #expect(state["certificates"]?.int64 == 1)
            #expect(try await stage.webhooks().isEmpty)
            #expect(gateway.lines.count - lines < 20)
            let mismatches = ["provider": "paypal", "outcome": "signature_mismatch"]
            #expect(try await stage.metric("truvapay_webhooks_received_total", mismatches, becomes: Double(count)))
        }
    }

    @Test("while the certificate cannot be had the answer is 503, and the delivery counts when it comes again")
    func unreachable() async throws {
        try await Stage.run(simulators: Self.simulators) { stage, _ in
            try await stage.payPalOrder("certificate", #"{"status":503}"#)
            let charge = try await stage.createPayPal()
            try await stage.approvePayPal(charge)
            #expect(
                try await waitUntil(.seconds(90)) {
                    try await stage.metric("truvapay_webhooks_received_total", ["provider": "paypal", "outcome": "unverifiable"]) > 0
                }
            )
            let address = "https://127.0.0.1:\(stage.ports.payPalCertificates)/v1/notifications/certs/CERT-simulated"
            let answer = try await stage.send(.post, stage.gatewayURL + "/webhooks/paypal", headers: Self.headers(address), body: Self.body)
            #expect(answer.status == 503 && answer.headers[.retryAfter] != nil)
            #expect(try await stage.webhooks().isEmpty)
            try await stage.payPalOrder("certificate")
            _ = try await stage.charge(charge["id"]?.string, becomes: "succeeded")
        }
    }

    @Test("with the fallback PayPal's API judges what has no certificate")
    func fallback() async throws {
        let changes = ["PAYPAL_WEBHOOK_VERIFY_ONLINE": "true"]
        try await Stage.run(changes: changes, simulators: Self.simulators) { stage, _ in
            try await stage.payPalOrder("certificate", #"{"status":404}"#)
            let charge = try await stage.createPayPal()
            try await stage.approvePayPal(charge)
            _ = try await stage.charge(charge["id"]?.string, becomes: "succeeded")
            let address = "https://127.0.0.1:\(stage.ports.payPalCertificates)/v1/notifications/certs/CERT-simulated"
            let forged = try await stage.send(.post, stage.gatewayURL + "/webhooks/paypal", headers: Self.headers(address), body: Self.body)
            #expect(forged.status == 400)
            #expect(try await stage.booksAreRight())
        }
    }
}
