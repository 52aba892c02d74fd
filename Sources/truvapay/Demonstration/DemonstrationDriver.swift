import Cryptography
import HTTPTypes
import OutboundHTTP
import StrictJSON

/// Drives payments through the gateway as an order service would, and looks whether everything arrived.
struct DemonstrationDriver: Sendable {
    let gateway: String
    let bank: String
    let crypto: String
    let key: SecretText
    let board: NotificationBoard
    private let client = HTTPClient()

    init(gateway: String, bank: String, crypto: String, key: SecretText, board: NotificationBoard) {
        self.gateway = gateway
        self.bank = bank
        self.crypto = crypto
        self.key = key
        self.board = board
    }

    /// One payment of every kind, then the books.
    ///
    /// - Throws: `Refusal` that says what did not happen.
    func driveAll() async throws {
        try await drivePromptPay()
        try await driveCard()
        try await driveManualCapture()
        try await drivePayPal()
        try await driveCrypto()
        try await rest()
        try await showBooks()
    }

    private func drivePromptPay() async throws {
        print("PromptPay: the order core asks for 150.00 THB")
        let charge = try await create([("amount", .string("150.00")), ("method", .string("promptpay"))])
        let (id, status) = try identity(of: charge)
        print("  charge \(id) is \(status)")
        guard let payload = charge["next_action"]?["qr_string"]?.string else { throw Refusal("the charge has no QR") }
        print("  the customer scans \(payload.prefix(40))… and pays at the bank")
        let order = JSONValue.object(JSONObject([("qr_string", .string(payload))]))
        _ = try await send(.post, "\(bank)/pay", body: order, expecting: 200)
        try await settle(id, told: ["charge.requires_action", "charge.succeeded"])
    }

    private func driveCard() async throws {
        print("Card: the order core asks for 240.00 THB")
        let details = JSONValue.object(JSONObject([("card_token", .string("pm_card_visa"))]))
        let charge = try await create([("amount", .string("240.00")), ("method", .string("card")), ("payment_details", details)])
        let (id, status) = try identity(of: charge)
        print("  charge \(id) is \(status)")
        try await settle(id, told: ["charge.succeeded"])
    }

    private func drivePayPal() async throws {
        print("PayPal: the order core asks for 1200.00 THB")
        let charge = try await create([("amount", .string("1200.00")), ("method", .string("paypal"))])
        let (id, status) = try identity(of: charge)
        print("  charge \(id) is \(status)")
        guard let page = charge["next_action"]?["url"]?.string else { throw Refusal("the charge has no page to approve it") }
        print("  the payer opens \(page) and agrees")
        _ = try await client.execute(OutboundRequest(method: .get, url: page))
        try await settle(id, told: ["charge.requires_action", "charge.succeeded"])
    }

    private func driveCrypto() async throws {
        print("Crypto (a stub, coins of a test network): the order core asks for 80.00 THB in BTC")
        let details = JSONValue.object(JSONObject([("asset", .string("BTC"))]))
        let charge = try await create([("amount", .string("80.00")), ("method", .string("crypto")), ("payment_details", details)])
        let (id, status) = try identity(of: charge)
        print("  charge \(id) is \(status)")
        guard let uri = charge["next_action"]?["uri"]?.string else { throw Refusal("the charge has no payment URI") }
        print("  the customer's wallet reads \(uri.prefix(40))… and sends the coins")
        _ = try await send(.post, "\(crypto)/_simulator/pay", body: ["uri": .string(uri)], expecting: 200)
        try await settle(id, told: ["charge.requires_action", "charge.succeeded"])
    }

    /// Held, taken in part, and given back in part.
    private func driveManualCapture() async throws {
        print("Card, taken later: the order core asks to hold 1000.00 THB")
        let details = JSONValue.object(JSONObject([("card_token", .string("pm_card_visa"))]))
        let charge = try await create([
            ("amount", .string("1000.00")), ("method", .string("card")), ("capture", .string("manual")), ("payment_details", details),
        ])
        let (id, status) = try identity(of: charge)
        print("  charge \(id) is \(status); 750.00 are taken, the rest is released")
        _ = try await operate(id, "capture", [("amount", .string("750.00"))])
        try await settle(id, told: ["charge.authorized", "charge.succeeded"])
        let refund = try await operate(id, "refunds", [("amount", .string("250.00")), ("reason", .string("one ticket less"))])
        print("  refund \(refund["id"]?.string ?? "?") of 250.00 is \(refund["status"]?.string ?? "?")")
        try await settle(id, told: ["charge.authorized", "charge.succeeded", "refund.succeeded"])
    }

    private func operate(_ id: String, _ operation: String, _ members: [(String, JSONValue)]) async throws -> JSONValue {
        let body = JSONValue.object(JSONObject(members))
        return try await send(
            .post,
            "\(gateway)/v1/charges/\(id)/\(operation)",
            body: body,
            expecting: 200,
            idempotencyKey: "\(operation)-\(id)"
        )
    }

    private func create(_ members: [(String, JSONValue)]) async throws -> JSONValue {
        let order = "demo-" + Hexadecimal.encode(SecureRandom.bytes(6))
        let body = JSONValue.object(JSONObject([("order_id", .string(order)), ("currency", .string("THB"))] + members))
        return try await send(.post, "\(gateway)/v1/charges", body: body, expecting: 201, idempotencyKey: order)
    }

    private func identity(of charge: JSONValue) throws -> (id: String, status: String) {
        guard let id = charge["id"]?.string, let status = charge["status"]?.string else { throw Refusal("the answer is no charge") }
        return (id, status)
    }

    /// Waits until the charge has succeeded and the order core was told everything in order.
    private func settle(_ id: String, told expected: [String]) async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(20))
        while ContinuousClock.now < deadline {
            let charge = try await send(.get, "\(gateway)/v1/charges/\(id)", expecting: 200)
            if charge["status"]?.string == "succeeded", board.types(of: id) == expected {
                print(
                    "  charge \(id) has succeeded, captured \(charge["amount_captured"]?.string ?? "?") \(charge["currency"]?.string ?? "")"
                )
                return
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Refusal("charge \(id) did not succeed with \(expected.joined(separator: ", ")); told: \(board.types(of: id))")
    }

    /// Waits a while until nothing is under way: the simulators forget all when they end, so nobody could be asked later.
    private func rest() async throws {
        let queues = ["truvapay_inbox_waiting", "truvapay_outbox_waiting", "truvapay_provider_calls_waiting"]
        let deadline = ContinuousClock.now.advanced(by: .seconds(10))
        while ContinuousClock.now < deadline {
            let metrics = try await client.execute(OutboundRequest(method: .get, url: "\(gateway)/metrics")).body
            let lines = Set(String(decoding: metrics, as: UTF8.self).split(separator: "\n").map(String.init))
            if queues.allSatisfy({ lines.contains("\($0) 0") }) { return }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func showBooks() async throws {
        let balance = try await send(.get, "\(gateway)/v1/ledger/trial-balance", expecting: 200)
        let rows = (balance["accounts"]?.array ?? []).map { account in
            ["name", "debits", "credits", "balance"].map { account[$0]?.string ?? "" }
        }
        print("\n" + Listing(columns: ["account", "debits", "credits", "balance"], rows: rows).text(.table))
        guard balance["balanced"]?.bool == true else { throw Refusal("the books do not balance") }
        print("\nthe books balance, and every notification arrived")
    }

    private func send(
        _ method: HTTPRequest.Method,
        _ url: String,
        body: JSONValue? = nil,
        expecting status: Int,
        idempotencyKey: String? = nil
    ) async throws -> JSONValue {
        var headers: HTTPFields = [.authorization: "Bearer \(key.exposed)"]
        if body != nil { headers[.contentType] = "application/json" }
        if let idempotencyKey, let name = HTTPField.Name("Idempotency-Key") { headers[name] = idempotencyKey }
        let answer = try await client.execute(
            OutboundRequest(method: method, url: url, headers: headers, body: body?.serialized() ?? [])
        )
        let text = String(decoding: answer.body, as: UTF8.self)
        guard answer.status == status else { throw Refusal("\(method) \(url) answered \(answer.status): \(text)") }
        return try JSONValue.parse(answer.body)
    }
}
