import HTTPTypes
import StrictJSON
import TestSupport
import Testing

@Suite("Every answer is one that the contract describes")
struct ContractAnswersTests {
    @Test("each operation in each documented outcome", .enabled(if: PythonEnvironment.isAvailable))
    func answers() async throws {
        let traffic = ContractTraffic()
        async let limited: Void = Self.visitLimited(traffic)
        async let slips: Void = Self.visitSlips(traffic)
        try await Stage.runBehindProxy(simulators: ["stripe", "promptpay", "order-core", "paypal"]) { stage, proxy in
            let tour = ContractTour(stage: stage, traffic: traffic)
            async let slow: Void = tour.slowBodies()
            let charge = try await tour.charges()
            try await tour.webhooks()
            #expect(try await stage.settled())
            let books = try await tour.books()
            let refund = try await tour.operations()
            let names = try await Self.names(stage, charge: charge, refund: refund, books: books)
            // A charge that is paid shows its QR no longer.
            let open = try await stage.createPromptPay()["id"]?.string ?? ""
            let shown = ContractTour.Names(
                charge: open,
                refund: refund,
                event: names.event,
                notification: names.notification,
                books: books
            )
            try await tour.readings(shown)
            try await tour.refusedCharges()
            try await tour.refusedBooks()
            try await tour.refusedEverywhere(shown)
            try await slow
            proxy.behave { $0.isDown = true }
            #expect(try await waitUntil(.seconds(90)) { try await stage.get("/health/ready").status == 503 })
            try await tour.putOff(503, shown)
            try await traffic.send(stage, .get, "/health/ready", bearer: nil)
            let bank = Stage.confirmation(reference: "NOBODY", amount: "10.00")
            traffic.keep("POST", "/webhooks/promptpay", sent: bank, try await stage.postBank(bank))
            traffic.keep("POST", "/webhooks/promptpay/address", sent: bank, try await stage.postBank(bank, address: "/address"))
        }
        try await limited
        try await slips
        let (status, lines) = try await traffic.comparison()
        #expect(status == 0, "\(lines.joined(separator: "\n"))")
    }

    /// A gateway that takes one request and no more.
    private static func visitLimited(_ traffic: ContractTraffic) async throws {
        try await Stage.run(changes: ["RATE_LIMIT_MAX_REQUESTS": "1"], simulators: ["order-core"]) { stage, _ in
            _ = try await stage.get("/v1/charges")
            let books = ContractTour.BookNames(account: "a", entry: "e", manual: "m")
            try await ContractTour(stage: stage, traffic: traffic)
                .putOff(429, ContractTour.Names(charge: "c", refund: "r", event: "e", notification: "n", books: books))
        }
    }

    /// A gateway whose bank can be asked about slips.
    private static func visitSlips(_ traffic: ContractTraffic) async throws {
        try await Stage.run(changes: Stage.scb, simulators: ["order-core", "promptpay"]) { stage, _ in
            try await ContractTour(stage: stage, traffic: traffic).slips()
        }
    }

    private static func names(
        _ stage: Stage,
        charge: String,
        refund: String,
        books: ContractTour.BookNames
    ) async throws -> ContractTour.Names {
        let event = try await stage.webhooks().first?["id"]?.string
        let notification = try await stage.get("/v1/notifications").json["data"]?.array?.first?["id"]?.string
        return ContractTour.Names(
            charge: charge,
            refund: refund,
            event: try #require(event),
            notification: try #require(notification),
            books: books
        )
    }
}
