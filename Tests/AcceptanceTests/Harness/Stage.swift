import Foundation
import HTTPTypes
import OutboundHTTP
import StrictJSON
import Synchronization
import TestSupport
import Testing

/// A gateway as users run it, with simulated providers and a sample order core around it; everything is a program of its own.
final class Stage: Sendable {
    static let key = "tvp_acceptance_0123456789abcdef0123456789abcdef"
    static let stripeSecret = "whsec_acceptance_stripe"
    static let bankSecret = "acceptance-bank-secret"
    static let cryptoSecret = "acceptance-crypto-secret"
    static let orderCoreSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    static let program = Fixture.root + "/.build/debug/truvapay"

    let ports: Ports
    let environment: [String: String]
    private let client = HTTPClient()

    /// The ports of one stage; each stage has its own.
    struct Ports: Sendable {
        let gateway: Int
        let stripe: Int
        let bank: Int
        let crypto: Int
        let orderCore: Int
        let payPal: Int
        let payPalCertificates: Int

        /// Ports that nobody listens on at this moment.
        static func free() throws -> Ports {
            let ports = try (0..<7).map { _ in try FreePort.find() }
            return Ports(
                gateway: ports[0],
                stripe: ports[1],
                bank: ports[2],
                crypto: ports[6],
                orderCore: ports[3],
                payPal: ports[4],
                payPalCertificates: ports[5]
            )
        }
    }

    /// Prepares a stage; `changes` replace settings, an empty value removes one.
    ///
    /// With `hasPayPal` the gateway needs the simulated PayPal's authority, so that simulator must be the first to start.
    init(database: String?, changes: [String: String] = [:], hasPayPal: Bool = false) throws {
        ports = try Ports.free()
        var environment = [
            "HOST": "127.0.0.1", "PORT": "\(ports.gateway)", "TRUVAPAY_BOOTSTRAP_KEY": Stage.key, "STRIPE_SECRET_KEY": "sk_test_acceptance",
            "STRIPE_API_BASE": "http://127.0.0.1:\(ports.stripe)", "STRIPE_WEBHOOK_SECRET": Stage.stripeSecret,
            "PROMPTPAY_BILLER_ID": "010556207402701", "PROMPTPAY_WEBHOOK_SECRET": Stage.bankSecret,
            "PROMPTPAY_API_BASE": "http://127.0.0.1:\(ports.bank)",
            "CRYPTO_API_BASE": "http://127.0.0.1:\(ports.crypto)", "CRYPTO_WEBHOOK_SECRET": Stage.cryptoSecret,
            "ORDER_CORE_WEBHOOK_URL": "http://127.0.0.1:\(ports.orderCore)/webhooks/truvapay",
            "ORDER_CORE_WEBHOOK_SECRET": Stage.orderCoreSecret, "LOG_LEVEL": "warning", "LOG_FORMAT": "text",
            "TRUVAPAY_FILES": Fixture.root,
        ]
        if let database { environment["DATABASE_URL"] = database }
        if hasPayPal { environment.merge(Stage.payPalSettings(ports)) { _, new in new } }
        self.environment = environment.merging(changes) { _, new in new }
    }

    var gatewayURL: String { "http://127.0.0.1:\(ports.gateway)" }

    /// Starts the gateway and waits until it is ready; on another port it stands beside the first.
    func startGateway(port: Int? = nil, clock: FakeClock? = nil) async throws -> ChildProcess {
        let port = port ?? ports.gateway
        let command = (clock?.command ?? []) + [Stage.program, "serve"]
        let changes = (clock?.environment ?? [:]).merging(["PORT": "\(port)"]) { _, new in new }
        let child = try ChildProcess(command[0], Array(command[1...]), environment: environment.merging(changes) { _, new in new })
        let isReady = try await waitUntil(.seconds(90)) {
            if child.status != nil { return true }
            return (try? await self.send(.get, "http://127.0.0.1:\(port)/health/ready").status) == 200
        }
        guard isReady, child.status == nil else { throw StageError("the gateway did not become ready: \(child.lines.suffix(5))") }
        return child
    }

    /// Starts the simulators and waits until they listen.
    func startSimulators(_ names: [String] = []) async throws -> ChildProcess {
        // The simulated PayPal makes keys at its start, which most stages need not wait for.
        let names = names.isEmpty ? ["stripe", "promptpay", "order-core"] : names
        let options = [
            "--gateway", gatewayURL, "--stripe-port", "\(ports.stripe)", "--bank-port", "\(ports.bank)", "--crypto-port",
            "\(ports.crypto)", "--order-core-port", "\(ports.orderCore)", "--paypal-port", "\(ports.payPal)",
            "--paypal-certificate-port", "\(ports.payPalCertificates)", "--paypal-ca-file", Stage.payPalAuthorityFile(ports),
        ]
        let child = try ChildProcess(Stage.program, ["simulate"] + names + options, environment: environment)
        let urls = [
            ("stripe", stripe("/_control/state")), ("paypal", payPal("/_simulator/state")), ("promptpay", bank("/transactions")),
            ("crypto", crypto("/_simulator/state")), ("order-core", orderCore("/notifications")),
        ]
        for (name, url) in urls where names.contains(name) {
            guard try await waitUntil(.seconds(90), { (try? await self.send(.get, url).status) == 200 }) else {
                throw StageError("\(name) does not listen: \(child.lines.suffix(5))")
            }
        }
        return child
    }

    /// Runs `body` on a full stage and ends everything after it.
    static func run(
        database: String? = nil,
        changes: [String: String] = [:],
        simulators: [String] = [],
        _ body: @Sendable (Stage, ChildProcess) async throws -> Void
    ) async throws {
        try await Seats.shared.occupy {
            try await play(database: database, changes: changes, simulators: simulators, body)
        }
    }

    private static func play(
        database: String?,
        changes: [String: String],
        simulators: [String],
        _ body: (Stage, ChildProcess) async throws -> Void
    ) async throws {
        let connection: String
        if let database { connection = database } else { connection = try await TestDatabase.empty().connectionString }
        let stage = try Stage(database: connection, changes: changes, hasPayPal: simulators.contains("paypal"))
        let around = try await stage.startSimulators(simulators)
        defer { around.send(SIGKILL) }
        let gateway = try await stage.startGateway()
        defer { gateway.send(SIGKILL) }
        try await body(stage, gateway)
    }

    func stripe(_ path: String) -> String { "http://127.0.0.1:\(ports.stripe)\(path)" }
    func payPal(_ path: String) -> String { "http://127.0.0.1:\(ports.payPal)\(path)" }
    func bank(_ path: String) -> String { "http://127.0.0.1:\(ports.bank)\(path)" }
    func crypto(_ path: String) -> String { "http://127.0.0.1:\(ports.crypto)\(path)" }
    func orderCore(_ path: String) -> String { "http://127.0.0.1:\(ports.orderCore)\(path)" }

    /// An answer with its body read as JSON, where it is JSON.
    struct Answer: Sendable {
        let status: Int
        let headers: HTTPFields
        let body: [UInt8]

        var json: JSONValue { (try? JSONValue.parse(body)) ?? .null }
        var code: String? { json["code"]?.string }
    }

    /// Sends any request.
    func send(_ method: HTTPRequest.Method, _ url: String, headers: HTTPFields = [:], body: [UInt8] = []) async throws -> Answer {
        let request = OutboundRequest(
            method: method,
            url: url,
            headers: headers,
            body: body,
            timeouts: .init(connect: .seconds(5), total: .seconds(40))
        )
        let response = try await client.execute(request)
        return Answer(status: response.status, headers: response.headers, body: response.body)
    }

    /// Reads something of the gateway with the full key.
    func get(_ path: String) async throws -> Answer {
        try await send(.get, gatewayURL + path, headers: [.authorization: "Bearer \(Stage.key)"])
    }

    /// Asks for a charge.
    func createCharge(_ body: String, key: String? = UUID().uuidString, token: String = Stage.key) async throws -> Answer {
        var headers: HTTPFields = [.authorization: "Bearer \(token)", .contentType: "application/json"]
        if let key { headers[.idempotencyKey] = key }
        return try await send(.post, gatewayURL + "/v1/charges", headers: headers, body: Array(body.utf8))
    }

    /// Asks for a PromptPay charge.
    func createPromptPay(_ amount: String = "150.00", expiresIn: Int? = nil) async throws -> JSONValue {
        let expiry = expiresIn.map { #","expires_in":\#($0)"# } ?? ""
        return try await accepted(createCharge(#"{"order_id":"o","amount":"\#(amount)","currency":"THB","method":"promptpay"\#(expiry)}"#))
    }

    /// Asks for a card charge.
    func createCard(_ token: String = "pm_card_visa", amount: String = "240.00") async throws -> JSONValue {
        let details = #""payment_details":{"card_token":"\#(token)"},"return_url":"https://shop.example/back""#
        return try await accepted(createCharge(#"{"order_id":"o","amount":"\#(amount)","currency":"THB","method":"card",\#(details)}"#))
    }

    private func accepted(_ answer: Answer) throws -> JSONValue {
        guard answer.status < 300 else {
            throw StageError("the charge was answered \(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
        }
        return answer.json
    }

    /// Sends an order to a simulator.
    @discardableResult
    func control(_ url: String, _ body: String) async throws -> Answer {
        try await send(.post, url, headers: [.contentType: "application/json"], body: Array(body.utf8))
    }

    /// Lets the bank's customer pay a charge's QR.
    func pay(_ charge: JSONValue, _ extra: String = "") async throws {
        let payload = charge["next_action"]?["qr_string"]?.string ?? ""
        let answer = try await control(bank("/pay"), #"{"qr_string":"\#(payload)"\#(extra)}"#)
        guard answer.status == 200 else { throw StageError("the bank answered \(answer.status)") }
    }

    /// Waits until a charge has a status, which is an issue when it has not in time; returns the charge as it then stands.
    func charge(_ id: String?, becomes status: String, within limit: Duration = .seconds(120)) async throws -> JSONValue {
        var last = JSONValue.null
        let isReached = try await waitUntil(limit) {
            last = (try? await self.get("/v1/charges/\(id ?? "")").json) ?? last
            return last["status"]?.string == status
        }
        if !isReached { Issue.record("the charge is \(last["status"]?.string ?? "nothing") and not \(status)") }
        return last
    }

    /// Waits until the order core was told of a charge's types, in order.
    func told(_ id: String?, _ types: [String], within limit: Duration = .seconds(120)) async throws -> Bool {
        try await waitUntil(limit) { try await self.types(of: id) == types }
    }

    /// What the order core was told about a charge.
    func types(of id: String?) async throws -> [String] {
        let rows = try await send(.get, orderCore("/notifications")).json["data"]?.array ?? []
        return rows.filter { $0["charge_id"]?.string == id }.compactMap { $0["type"]?.string }
    }

    /// The posted balance of an account, "0" when there is none.
    func balance(_ account: String) async throws -> String {
        let accounts = try await get("/v1/ledger/trial-balance").json["accounts"]?.array ?? []
        return accounts.first { $0["name"]?.string == account }?["balance"]?.string ?? "0"
    }

    /// Waits until an account has a balance.
    func balance(_ account: String, becomes amount: String, within limit: Duration = .seconds(120)) async throws -> Bool {
        try await waitUntil(limit) { try await self.balance(account) == amount }
    }

    /// Runs one of the program's commands to its end; no status when that took too long.
    func command(_ arguments: [String]) async throws -> (status: Int32?, lines: [String]) {
        let child = try ChildProcess(Stage.program, arguments, environment: environment)
        return (try await child.end(), child.lines)
    }

    /// Runs `truvapay ledger verify` and tells whether the books are right.
    func booksAreRight() async throws -> Bool {
        let (status, lines) = try await command(["ledger", "verify"])
        if status != 0 { Issue.record("ledger verify ended with \(status.map(String.init) ?? "nothing"): \(lines.suffix(12))") }
        return status == 0
    }
}

/// Why a stage could not be set up.
struct StageError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Finds a port that nobody listens on, and none twice: who found it first may not listen yet.
///
/// Below those that the system gives away by itself: while a killed gateway is away, no other test's server may get its port and answer
/// in its place.
enum FreePort {
    private static let range = 20_000..<32_000
    private static let found = Mutex<Set<Int>>([])

    static func find() throws -> Int {
        for _ in 0..<1000 {
            let number = Int.random(in: range)
            guard found.withLock({ $0.insert(number).inserted }), let (descriptor, port) = try? Sockets.listen(port: number) else {
                continue
            }
            close(descriptor)
            return port
        }
        throw StageError("no port is free")
    }
}
