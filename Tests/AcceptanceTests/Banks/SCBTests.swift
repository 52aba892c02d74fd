import Foundation
import HTTPTypes
import StrictJSON
import TestSupport
import Testing

@Suite("A bank that signs nothing and is asked")
struct SCBTests {
    private static let simulators = ["order-core", "promptpay"]

    @Test("a confirmation pays after the bank's own answer; doubled, it is answered the same and books once")
    func confirmed() async throws {
        let changes = Stage.scb.merging(["LOG_LEVEL": "debug"]) { _, new in new }
        try await Stage.run(changes: changes, simulators: Self.simulators) { stage, gateway in
            try await stage.control(stage.bank("/_simulator/misbehaviour"), #"{"duplicate":2}"#)
            let charge = try await stage.createPromptPay()
            try await stage.pay(charge)
            let paid = try await stage.charge(charge["id"]?.string, becomes: "succeeded")
            #expect(paid["amount_captured"]?.string == "150.00")
            #expect(try await stage.told(charge["id"]?.string, ["charge.requires_action", "charge.succeeded"]))
            #expect(try await stage.settled())
            let payment = try #require(try await stage.send(.get, stage.bank("/transactions")).json.array?.first)
            let answers = [try await stage.postUnsigned(payment.text), try await stage.postUnsigned(payment.text)]
            let expected = #"{"resCode":"00","resDesc":"success","transactionId":"\#(payment["transactionId"]?.string ?? "")"}"#
            for answer in answers {
                #expect(answer.status == 200 && String(decoding: answer.body, as: UTF8.self) == expected)
            }
            #expect(try await stage.postUnsigned(payment.text, address: "").status == 400)
            #expect(try await stage.postUnsigned(payment.text, address: "/guessed").status == 400)
            #expect(try await stage.settled())
            #expect(try await stage.balance("orders:payable:THB") == "150.00")
            #expect(try await stage.balance("suspense:promptpay:THB") == "0")
            #expect(try await stage.booksAreRight())
            #expect(gateway.lines.contains { $0.contains("/webhooks/promptpay/***") })
            for secret in [Stage.bankSecret, "acceptance-key", "acceptance-api-secret"] {
                #expect(!gateway.lines.contains { $0.contains(secret) }, "\(secret) is in the log")
            }
        }
    }

    @Test("a forged confirmation moves nothing, is kept, and shown to operators as not confirmed")
    func forged() async throws {
        try await Stage.run(changes: Stage.scb, simulators: Self.simulators) { stage, _ in
            let charge = try await stage.createPromptPay()
            let reference = charge["provider_reference"]?.string ?? ""
            let old = Stage.confirmation(
                reference: reference,
                amount: "150.00",
                transaction: "FORGED1",
                paidAt: "2026-11-01T12:00:00+07:00"
            )
            #expect(try await stage.postUnsigned(old).status == 200)
            #expect(try await waitUntil(.seconds(90)) { try await stage.event(of: "FORGED1")?["status"]?.string == "failed" })
            let fresh = Stage.confirmation(
                reference: reference,
                amount: "150.00",
                transaction: "FORGED2",
                paidAt: SuspenseTests.bangkokNow()
            )
            #expect(try await stage.postUnsigned(fresh).status == 200)
            try await Task.sleep(for: .seconds(2))
            #expect(try await stage.event(of: "FORGED2")?["status"]?.string == "received")
            #expect(try await stage.get("/v1/charges/\(charge["id"]?.string ?? "")").json["status"]?.string == "requires_action")
            #expect(try await stage.balance("provider:promptpay:clearing:THB") == "0")
        }
    }

    @Test("short, over, late, double and unknown payments, and a bank that is away for a while: each in its place")
    func homeless() async throws {
        try await Stage.run(changes: Stage.scb, simulators: Self.simulators) { stage, _ in
            try await stage.control(stage.bank("/_simulator/misbehaviour"), #"{"status":500,"count":6,"order":"forward"}"#)
            let charge = try await stage.createPromptPay()
            let later = SuspenseTests.bangkok(Date().addingTimeInterval(3600))
            for extra in [
                #","amount":"149.99""#, #","amount":"150.01""#, #","paid_at":"\#(later)""#, #","reference1":"NOBODY""#, #","times":2"#,
                #","reference2":"A2""#,
            ] {
                try await stage.pay(charge, extra)
            }
            let paid = try await stage.charge(charge["id"]?.string, becomes: "succeeded")
            #expect(paid["amount_captured"]?.string == "150.00")
            // 149.99 and 150.01, and 150.00 four times: late, nobody's, the second of two, of an attempt that does not exist. When 150.01
            // is the first that is confirmed it pays, and then 0.01 and both of the two are too much: the same money.
            #expect(try await stage.balance("suspense:promptpay:THB", becomes: "900.00"))
            #expect(try await stage.settled())
            #expect(try await stage.balance("orders:payable:THB") == "150.00")
            #expect(try await stage.balance("provider:promptpay:clearing:THB") == "1050.00")
            let told = try await stage.all("/v1/notifications").filter { $0["type"]?.string == "payment.unmatched" }
            #expect([6, 7].contains(told.count))
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("a confirmation that never comes is found by a look, also when the bank was away at the first")
    func dropped() async throws {
        try await Stage.run(changes: Stage.scb, simulators: Self.simulators) { stage, _ in
            try await stage.control(stage.bank("/_simulator/misbehaviour"), #"{"drop":true,"status":503,"count":1}"#)
            let charge = try await stage.createPromptPay()
            let unpaid = try await stage.createPromptPay("99.00")
            try await stage.pay(charge)
            let paid = try await stage.charge(charge["id"]?.string, becomes: "succeeded", within: .seconds(90))
            #expect(paid["status"]?.string == "succeeded" && paid["amount_captured"]?.string == "150.00")
            #expect(try await stage.webhooks().isEmpty)
            #expect(try await stage.told(charge["id"]?.string, ["charge.requires_action", "charge.succeeded"]))
            #expect(
                try await waitUntil(.seconds(90)) {
                    try await stage.metric("truvapay_provider_calls_total", ["operation": "fetch", "outcome": "open"]) >= 1
                }
            )
            #expect(try await stage.get("/v1/charges/\(unpaid["id"]?.string ?? "")").json["status"]?.string == "requires_action")
            // The confirmation after all, under the same name of the movement: nothing new.
            let payment = try #require(try await stage.send(.get, stage.bank("/transactions")).json.array?.first)
            #expect(try await stage.postUnsigned(payment.text).status == 200)
            #expect(try await stage.settled())
            #expect(try await stage.balance("orders:payable:THB") == "150.00")
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("at its end a charge is asked about a last time: paid in time it never expires")
    func ending() async throws {
        try await Stage.run(changes: Stage.scb, simulators: Self.simulators) { stage, _ in
            let paid = try await stage.createPromptPay(expiresIn: 10)
            let unpaid = try await stage.createPromptPay(expiresIn: 10)
            _ = try await stage.payUnheard(paid)
            #expect(try await stage.charge(paid["id"]?.string, becomes: "succeeded")["status"]?.string == "succeeded")
            #expect(try await stage.charge(unpaid["id"]?.string, becomes: "expired")["status"]?.string == "expired")
            #expect(try await stage.told(paid["id"]?.string, ["charge.requires_action", "charge.succeeded"]))
            #expect(try await stage.told(unpaid["id"]?.string, ["charge.requires_action", "charge.expired"]))
        }
    }

    @Test("a slip pays a charge once, and the confirmation that comes after it books nothing twice")
    func slip() async throws {
        try await Stage.run(changes: Stage.scb, simulators: Self.simulators) { stage, _ in
            let charge = try await stage.createPromptPay()
            let path = "/v1/charges/\(charge["id"]?.string ?? "")/slips"
            let text = try await stage.payUnheard(charge)
            async let first = stage.post(path, ContractTour.slip(text))
            async let second = stage.post(path, ContractTour.slip(text))
            let answers = try await [first, second]
            #expect(answers.allSatisfy { $0.status == 200 && $0.json["status"]?.string == "succeeded" })
            let payment = try #require(try await stage.send(.get, stage.bank("/transactions")).json.array?.first)
            #expect(try await stage.postUnsigned(payment.text).status == 200)
            #expect(try await stage.settled())
            #expect(try await stage.balance("orders:payable:THB") == "150.00")
            #expect(try await stage.balance("suspense:promptpay:THB") == "0")
            let short = try await stage.createPromptPay("100.00")
            let shortSlip = try await stage.payUnheard(short, #","amount":"99.00""#)
            let refused = try await stage.post("/v1/charges/\(short["id"]?.string ?? "")/slips", ContractTour.slip(shortSlip))
            #expect(refused.status == 422 && refused.code == "slip_amount_mismatch")
            let foreign = try await stage.payUnheard(short, #","biller":"099999999999990""#)
            let elsewhere = try await stage.post("/v1/charges/\(short["id"]?.string ?? "")/slips", ContractTour.slip(foreign))
            #expect(elsewhere.code == "slip_receiver_mismatch")
            #expect(try await stage.booksAreRight())
        }
    }
}
