import Foundation
import HTTPTypes
import StrictJSON
import TestSupport
import Testing

/// Stripe as somebody else understands it; localstripe knows the happy path and a decline.
@Suite("Card payments with localstripe in Stripe's place", .enabled(if: PythonEnvironment.isAvailable))
struct LocalstripeTests {
    /// Starts localstripe and tells it where webhooks go, and with which secrets; each secret is an endpoint of its own.
    private static func start(for stage: Stage, port: Int, secrets: [String] = [Stage.stripeSecret]) async throws -> ChildProcess {
        let program = try PythonEnvironment.start(PythonEnvironment.script("localstripe_server"), arguments: ["\(port)"])
        for secret in secrets {
            let form = "url=\(stage.gatewayURL)/webhooks/stripe&secret=\(secret)"
            let isThere = try await waitUntil(.seconds(90)) {
                (try? await post(stage, "http://127.0.0.1:\(port)/_config/webhooks/\(secret)", form).status) == 200
            }
            guard isThere else { throw StageError("localstripe does not listen: \(program.lines.suffix(5))") }
        }
        return program
    }

    private static func post(_ stage: Stage, _ url: String, _ form: String) async throws -> Stage.Answer {
        let headers: HTTPFields = [.contentType: "application/x-www-form-urlencoded", .authorization: "Bearer sk_test_acceptance"]
        return try await stage.send(.post, url, headers: headers, body: Array(form.utf8))
    }

    /// Asks for a card charge; localstripe refuses `return_url`.
    private static func charge(_ stage: Stage, _ token: String) async throws -> JSONValue {
        let details = #""payment_details":{"card_token":"\#(token)"}"#
        return try await stage.createCharge(#"{"order_id":"LT-1","amount":"240.00","currency":"THB","method":"card",\#(details)}"#).json
    }

    /// The events of a type that the gateway has taken, once there are so many.
    private static func events(_ stage: Stage, _ type: String, count: Int) async throws -> [JSONValue] {
        var events: [JSONValue] = []
        _ = try await waitUntil(.seconds(15)) {
            events = try await stage.webhooks().filter { $0["event_type"]?.string == type && $0["status"]?.string != "received" }
            return events.count >= count
        }
        return events
    }

    @Test("a payment is taken, told by a signed webhook, booked once and told on; a webhook with another secret is refused")
    func paid() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            let secrets = [Stage.stripeSecret, "whsec_of_another"]
            let localstripe = try await Self.start(for: stage, port: stage.ports.stripe, secrets: secrets)
            defer { localstripe.send(SIGKILL) }
            let charge = try await Self.charge(stage, "pm_card_visa")
            let id = charge["id"]?.string
            #expect(charge["status"]?.string == "succeeded" && charge["amount_captured"]?.string == "240.00", "\(charge.text)")

            let events = try await Self.events(stage, "payment_intent.succeeded", count: 1)
            #expect(events.first?["status"]?.string == "processed" && events.first?["charge_id"]?.string == id)
            let refused = ["provider": "stripe", "outcome": "signature_mismatch"]
            #expect(try await waitUntil(.seconds(90)) { try await stage.metric("truvapay_webhooks_received_total", refused) == 1 })
            #expect(try await stage.webhooks().count == 1)

            #expect(try await stage.balance("provider:stripe:clearing:THB") == "240.00")
            #expect(try await stage.balance("orders:payable:THB") == "240.00")
            let books = try await stage.get("/v1/ledger/trial-balance").json
            #expect(books["balanced"]?.bool == true && books["accounts"]?.array?.count == 2)
            #expect(try await stage.booksAreRight())
            #expect(try await stage.told(id, ["charge.succeeded"]))
        }
    }

    @Test("the webhook alone pays a charge whose provider the gateway cannot reach")
    func webhookAlone() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            let charge = try await Self.charge(stage, "pm_card_visa")
            let id = try #require(charge["id"]?.string)
            #expect(charge["status"]?.string == "processing")
            let port = try FreePort.find()
            let localstripe = try await Self.start(for: stage, port: port)
            defer { localstripe.send(SIGKILL) }
            let payment = "amount=24000&currency=thb&payment_method_types[]=card&payment_method=pm_card_visa&confirm=true"
            let form = payment + "&metadata[charge_id]=\(id)"
            #expect(try await Self.post(stage, "http://127.0.0.1:\(port)/v1/payment_intents", form).status == 200)
            #expect(try await stage.charge(id, becomes: "succeeded")["status"]?.string == "succeeded")
            #expect(try await stage.told(id, ["charge.succeeded"]))
            #expect(try await stage.balance("provider:stripe:clearing:THB") == "240.00")
        }
    }

    @Test("held, captured, given back in part")
    func captured() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            let localstripe = try await Self.start(for: stage, port: stage.ports.stripe)
            defer { localstripe.send(SIGKILL) }
            let details = #""capture":"manual","payment_details":{"card_token":"pm_card_visa"}"#
            let body = #"{"order_id":"LT-2","amount":"240.00","currency":"THB","method":"card",\#(details)}"#
            let charge = try await stage.createCharge(body).json
            #expect(charge["status"]?.string == "authorized", "\(charge.text)")
            let path = "/v1/charges/\(charge["id"]?.string ?? "")"
            #expect(try await stage.post(path + "/capture", nil).json["status"]?.string == "succeeded")
            let refund = try await stage.post(path + "/refunds", #"{"amount":"40.00"}"#)
            #expect(refund.json["status"]?.string == "succeeded", "\(refund.json.text)")
            #expect(try await stage.balance("provider:stripe:clearing:THB") == "200.00")
            #expect(try await stage.told(charge["id"]?.string, ["charge.authorized", "charge.succeeded", "refund.succeeded"]))
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("a declined card is a failed charge, told once, and books nothing")
    func declined() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            let localstripe = try await Self.start(for: stage, port: stage.ports.stripe)
            defer { localstripe.send(SIGKILL) }
            let charge = try await Self.charge(stage, "pm_card_chargeCustomerFail")
            #expect(charge["status"]?.string == "failed" && charge["failure"]?["code"]?.string == "card_declined", "\(charge.text)")
            let events = try await Self.events(stage, "payment_intent.payment_failed", count: 1)
            #expect(events.count == 1 && events.first?["status"]?.string == "processed")
            #expect(try await stage.told(charge["id"]?.string, ["charge.failed"]))
            #expect(try await stage.get("/v1/notifications").json["data"]?.array?.count == 1)
            #expect(try await stage.get("/v1/ledger/accounts").json["data"]?.array?.isEmpty == true)
        }
    }
}
