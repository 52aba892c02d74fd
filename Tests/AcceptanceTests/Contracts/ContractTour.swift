import Foundation
import HTTPTypes
import StrictJSON
import TestSupport
import Testing

/// Visits every operation of a gateway, once as it should be and once in each way that is refused.
struct ContractTour {
    let stage: Stage
    let traffic: ContractTraffic

    static let good = #""order_id":"o","amount":"150.00","currency":"THB","method":"promptpay""#
    static let card = #""order_id":"o","amount":"240.00","currency":"THB","method":"card""#

    /// Objects that exist, for the addresses that name one.
    struct Names {
        let charge: String
        let refund: String
        let event: String
        let notification: String
        let books: BookNames
    }

    /// Operations that need a key and read: method and path.
    static func read(_ names: Names) -> [(HTTPRequest.Method, String)] {
        let lists = ["/v1/charges", "/v1/webhook-events", "/v1/notifications"]
        return (lists + bookLists + namedToRead(names) + wallets).map { (.get, $0) }
    }

    /// Addresses of single objects.
    static func namedToRead(_ names: Names) -> [String] {
        let charge = "/v1/charges/\(names.charge)"
        return [
            charge, charge + "/refunds", charge + "/timeline", "/v1/refunds/\(names.refund)", charge + "/qr.png", charge + "/qr.svg",
            "/v1/webhook-events/\(names.event)", "/v1/notifications/\(names.notification)",
        ] + bookObjects(names.books)
    }

    /// Operations of operators, which need no body.
    static func operated(_ names: Names) -> [(HTTPRequest.Method, String)] {
        [(.post, "/v1/webhook-events/\(names.event)/replay"), (.post, "/v1/notifications/\(names.notification)/resend")]
    }

    /// Operations that need a key: method and path.
    static func guarded(_ names: Names) -> [(HTTPRequest.Method, String)] {
        read(names) + [(.post, "/v1/charges"), (.post, "/v1/charges/\(names.charge)/slips")] + operated(names) + operations(names)
            + bookPosts(names.books).map { (.post, $0) }
    }

    /// Charges of every kind, one of them twice; returns one with a QR.
    func charges() async throws -> String {
        let details = #""return_url":"https://shop.example/back","payment_details":{"card_token":"#
        let notes = #""metadata":{"lot":"ล็อตเตอรี่"},"order_number":"7","customer_id":"ลูกค้า-1","expires_in":600"#
        let charge = try await traffic.create(stage, "{\(Self.good),\(notes)}", key: "first")
        let again = try await traffic.create(stage, "{\(Self.good),\(notes)}", key: "first")
        #expect(charge.status == 201 && again.headers[.idempotencyReplayed] == "true")
        let nulls = #""order_number":null,"customer_id":null,"payment_details":null,"capture":null,"return_url":null,"expires_in":null"#
        #expect(try await traffic.create(stage, #"{\#(Self.good),\#(nulls),"metadata":null}"#).status == 201)
        for token in ["pm_card_visa", "pm_card_threeDSecure2Required", "pm_card_visa_chargeDeclinedLostCard"] {
            #expect(try await traffic.create(stage, "{\(Self.card),\(details)\"\(token)\"}}").status == 201)
        }
        #expect(try await traffic.create(stage, #"{\#(Self.card),"capture":"manual",\#(details)"pm_card_visa"}}"#).status == 201)
        try await stage.pay(charge.json)
        return try #require(charge.json["id"]?.string)
    }

    /// Lists, single objects and everything that operators do.
    func readings(_ names: Names) async throws {
        for (method, path) in Self.read(names) + Self.operated(names) {
            let status = try await traffic.send(stage, method, path).status
            #expect(status == (method == .get ? 200 : 202), "\(path)")
        }
        let first = try await traffic.send(stage, .get, "/v1/charges?limit=2").json
        try await traffic.send(stage, .get, "/v1/charges?limit=2&after=\(first["next"]?.string ?? "")&status=failed&method=card")
        try await traffic.send(stage, .get, "/v1/charges?order_id=o&customer_id=nobody")
        try await traffic.send(stage, .get, "/v1/ledger/accounts?limit=1")
        try await traffic.send(stage, .get, "/v1/webhook-events?limit=1&status=processed")
        try await traffic.send(stage, .get, "/v1/notifications?limit=1&status=delivered")
        try await traffic.send(stage, .get, "/v1/charges/\(names.charge)/qr.svg?size=100")
        for path in ["/health/live", "/health/ready", "/metrics"] { try await traffic.send(stage, .get, path, bearer: nil) }
        let contract = try await traffic.send(stage, .get, "/openapi.yaml", bearer: nil)
        #expect(try contract.body == Fixture.bytes("contracts/openapi.yaml"), "served as it is")
    }

    /// What providers post.
    func webhooks() async throws {
        let stripe = Stage.event("payment_intent.created", Stage.Intent())
        let bank = Stage.confirmation(reference: "NOBODY", amount: "10.00")
        for _ in 0..<2 {
            traffic.keep("POST", "/webhooks/stripe", sent: stripe, try await stage.postStripe(stripe))
            traffic.keep("POST", "/webhooks/promptpay", sent: bank, try await stage.postBank(bank))
        }
        traffic.keep("POST", "/webhooks/stripe", sent: stripe, try await stage.postStripe(stripe, secret: "wrong"))
        traffic.keep("POST", "/webhooks/promptpay/address", sent: bank, try await stage.postBank(bank, address: "/address"))
        let wrong = try await stage.postBank(bank, secret: "wrong", address: "/address")
        traffic.keep("POST", "/webhooks/promptpay/address", sent: bank, wrong)
        let large = String(repeating: " ", count: 1_100_000)
        for address in ["", "/address"] {
            try await traffic.send(stage, .post, "/webhooks/nobody" + address, bearer: nil, body: "{}")
            #expect(try await traffic.send(stage, .post, "/webhooks/stripe" + address, bearer: nil, body: large).status == 413)
        }
    }
}
