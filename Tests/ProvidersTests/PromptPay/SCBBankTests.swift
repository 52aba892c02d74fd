import Cryptography
import HTTPTypes
import Payments
import StrictJSON
import TestSupport
import Testing

@testable import Providers

@Suite("SCB")
struct SCBBankTests {
    private static let now = Timestamp(seconds: 1_795_422_660)
    private static let biller = "010556207402701"
    private static let sample = (try? Fixture.bytes("providers/promptpay/samples/01-payment_confirmation.json")) ?? []
    private static let inquiry = (try? Fixture.bytes("providers/promptpay/samples/04-scb-inquiry.json")) ?? []

    private func provider(pathSecrets: [String] = []) -> PromptPayProvider {
        let access = SCBAccess(
            apiBase: "https://scb.example",
            apiKey: SecretText("key"),
            apiSecret: SecretText("secret"),
            pathSecrets: pathSecrets.map { SecretText($0) }
        )
        return PromptPayProvider(
            profile: ProviderProfile(name: .promptPay, methods: [:]),
            recipient: .biller(id: Self.biller),
            merchantName: nil,
            bank: .scb(access)
        )
    }

    private func charge(expiresIn: Int64? = 900, status: ChargeStatus = .requiresAction, reference: String? = "7K3M9Q2XABC0") -> Charge {
        let created = Self.now.advanced(by: .seconds(-120))
        let order = ChargeOrder(
            orderID: "o",
            amount: Amount(minorUnits: 15000, asset: .thb),
            method: .promptpay,
            expiresAt: expiresIn.map { created.advanced(by: .seconds($0)) }
        )
        var charge = Charge(id: ChargeID(value: 1), order: order, provider: .promptPay, createdAt: created)
        charge.providerReference = reference
        charge.status = status
        return charge
    }

    private func verified(_ body: [UInt8], _ provider: PromptPayProvider) throws -> VerifiedWebhook {
        guard case .verified(let webhook) = provider.verify(UnverifiedWebhook(headers: [:], body: body), at: Self.now) else {
            throw InterpretationError("refused")
        }
        return webhook
    }

    private func object(_ changes: [String: JSONValue] = [:]) throws -> EventObject {
        var body = try #require(try JSONValue.parse(Self.sample).object)
        for (name, value) in changes { body[name] = value }
        let provider = provider()
        guard case .needsFetch(let object) = try provider.interpret(try verified(JSONValue.object(body).serialized(), provider)) else {
            throw InterpretationError("not asked for")
        }
        return object
    }

    private func inquire(
        _ object: EventObject,
        _ answers: [ProviderAnswer],
        at now: Timestamp = now
    ) async -> (ProviderOutcome, [ProviderRequest]) {
        let bank = ScriptedBank(answers)
        let outcome = await provider().inquire(object, for: nil, at: now) { await bank.answer($0) }
        return (outcome, await bank.requests)
    }

    @Test("an unsigned confirmation is let in, tells no fact, and is answered the same each time")
    func unsigned() throws {
        let provider = provider()
        let first = try verified(Self.sample, provider)
        #expect(
            try object()
                == EventObject(
                    subject: .reference("7K3M9Q2XABC0"),
                    kind: "payment",
                    id: "2026-11-23T08:30:00.000000Z/202611231530000001"
                )
        )
        let answer = #"{"resCode":"00","resDesc":"success","transactionId":"202611231530000001"}"#
        for webhook in [first, try verified(Self.sample, provider)] {
            #expect(String(decoding: provider.acknowledgement(of: webhook).body, as: UTF8.self) == answer)
            #expect(webhook.eventID == first.eventID)
        }
        let restored = VerifiedWebhook(verifiedBy: .promptPay, eventID: first.eventID, eventType: "payment_confirmation", body: Self.sample)
        #expect(String(decoding: provider.acknowledgement(of: restored).body, as: UTF8.self) == answer)
    }

    @Test("another body under the same name of the movement is another event, so nobody can take the bank's place")
    func eventNames() throws {
        let forged = Self.sample + Array(" ".utf8)
        #expect(try verified(Self.sample, provider()).eventID != verified(forged, provider()).eventID)
    }

    @Test("with a secret address only those who know it come in")
    func secretAddress() {
        let provider = provider(pathSecrets: ["new-secret", "old-secret"])
        for (path, reason) in [
            ("new-secret", nil), ("old-secret", nil), (nil, WebhookRefusal.signatureMissing), ("", .signatureMismatch),
            ("new-secre", .signatureMismatch), ("new-secretx", .signatureMismatch),
        ] as [(String?, WebhookRefusal?)] {
            let webhook = UnverifiedWebhook(headers: [:], body: Self.sample, pathSecret: path)
            switch provider.verify(webhook, at: Self.now) {
            case .refused(let refusal): #expect(refusal == reason, "\(path ?? "none")")
            default: #expect(reason == nil, "\(path ?? "none")")
            }
        }
    }

    @Test("a body cut at any byte, or of random bytes, is refused and never read")
    func damage() {
        let provider = provider()
        for length in 0..<Self.sample.count - 2 {
            let webhook = UnverifiedWebhook(headers: [:], body: Array(Self.sample.prefix(length)))
            guard case .refused(.bodyMalformed) = provider.verify(webhook, at: Self.now) else {
                Issue.record("\(length) bytes were taken")
                return
            }
        }
        var random = SeededRandom.printed("confirmations")
        for _ in 0..<2000 {
            var bytes = Self.sample
            for _ in 0..<3 { bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random) }
            guard case .verified(let webhook) = provider.verify(UnverifiedWebhook(headers: [:], body: bytes), at: Self.now) else {
                continue
            }
            _ = try? provider.interpret(webhook)
        }
    }

    @Test("the inquiry's answer is booked, with a token, for the day in Bangkok, and without an amount")
    func confirmed() async throws {
        let (outcome, requests) = await inquire(try object(), [ScriptedBank.token, ScriptedBank.answered(200, Self.inquiry)])
        guard case .facts(let facts) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(facts.map(\.subject) == [.reference("7K3M9Q2XABC0")])
        let capture = PaymentFact.Capture(amount: Amount(minorUnits: 15000, asset: .thb), transaction: "202611231530000001")
        #expect(facts.map(\.kind) == [.captured(capture)])
        #expect(requests.count == 2)
        #expect(requests[0].url == "https://scb.example/v1/oauth/token" && requests[0].method == .post)
        #expect(String(decoding: requests[0].body, as: UTF8.self) == #"{"applicationKey":"key","applicationSecret":"secret"}"#)
        #expect(
            requests[1].url
                == "https://scb.example/v1/payment/billpayment/inquiry?eventCode=00300100&transactionDate=2026-11-23"
                + "&billerId=010556207402701&reference1=7K3M9Q2XABC0"
        )
        #expect(requests[1].headers[.authorization] == "Bearer T1" && requests[1].headers[HTTPField.Name("resourceOwnerId")!] == "key")
    }

    @Test("what the event says of amount and name does not count")
    func liar() async throws {
        let lie = try object(["amount": "999999.00", "transactionId": "FORGED"])
        let (outcome, _) = await inquire(lie, [ScriptedBank.token, ScriptedBank.answered(200, Self.inquiry)])
        guard case .facts(let facts) = outcome, case .captured(let capture)? = facts.first?.kind else {
            Issue.record("\(outcome)")
            return
        }
        #expect(capture.amount.minorUnits == 15000 && capture.transaction == "202611231530000001")
    }

    @Test("a payment that the bank does not know waits for its books, and is refused in the end")
    func denied() async throws {
        let none = [ScriptedBank.token, ScriptedBank.good([])]
        guard case .unknown = await inquire(try object(), none).0 else {
            Issue.record("refused at once")
            return
        }
        for now in [Self.now.advanced(by: .seconds(1000)), Self.now.advanced(by: .seconds(-4000))] {
            guard case .refused(let failure) = await inquire(try object(), none, at: now).0 else {
                Issue.record("not refused at \(now.rfc3339)")
                return
            }
            #expect(failure.code == "not_confirmed")
        }
    }

    @Test("a token that is refused is exchanged once; what cannot be asked stays unknown")
    func troubles() async throws {
        let refused = ScriptedBank.json(["status": ["code": 9300]], status: 401)
        let renewed = [ScriptedBank.token, refused, ScriptedBank.token, ScriptedBank.answered(200, Self.inquiry)]
        guard case .facts(let facts) = await inquire(try object(), renewed).0 else {
            Issue.record("not renewed")
            return
        }
        #expect(facts.count == 1)
        let cases: [([ProviderAnswer], Bool)] = [
            ([refused], false), ([.notSent(reason: "down")], false), ([.unknown(reason: "slow")], true),
            ([ScriptedBank.token, .notSent(reason: "down")], false), ([ScriptedBank.token, .unknown(reason: "slow")], true),
            ([ScriptedBank.token, ScriptedBank.answered(500, [])], true), ([ScriptedBank.token, ScriptedBank.answered(200, [])], true),
            ([ScriptedBank.token, ScriptedBank.json(["status": ["code": 9999], "data": []])], true),
            ([ScriptedBank.token, ScriptedBank.good([["transactionId": "x"]])], true),
            ([ScriptedBank.token, refused, ScriptedBank.token, refused], true),
        ]
        for (answers, isUnknown) in cases {
            switch await inquire(try object(), answers).0 {
            case .unknown: #expect(isUnknown, "\(answers)")
            case .notDone: #expect(!isUnknown, "\(answers)")
            case let outcome: Issue.record("\(answers): \(outcome)")
            }
        }
    }

    @Test("a reversed payment and one of another biller pay nothing here")
    func strangers() async throws {
        let rows = try #require(try JSONValue.parse(Self.inquiry)["data"]?.array?.first?.object)
        var reversed = rows
        reversed["reverseFlag"] = "Y"
        var foreign = rows
        foreign["payeeProxyId"] = "099999999999990"
        let data = JSONValue.array([.object(reversed), .object(foreign)])
        guard case .facts(let facts) = await inquire(try object(), [ScriptedBank.token, ScriptedBank.good(data)]).0 else {
            Issue.record("no answer")
            return
        }
        #expect(facts.map(\.subject) == [.unknown])
    }

    private func perform(
        _ operation: ProviderOperation,
        _ charge: Charge,
        _ answers: [ProviderAnswer],
        at now: Timestamp = now
    ) async -> (ProviderOutcome, [ProviderRequest]) {
        let bank = ScriptedBank(answers)
        let outcome = await provider().perform(operation, for: charge, at: now) { await bank.answer($0) }
        return (outcome, await bank.requests)
    }

    @Test("a look finds the payment whose confirmation never came, or says when to look again")
    func looks() async throws {
        let found = await perform(.fetch, charge(), [ScriptedBank.token, ScriptedBank.answered(200, Self.inquiry)]).0
        guard case .facts(let facts) = found else {
            Issue.record("\(found)")
            return
        }
        #expect(facts.count == 1)
        let none = [ScriptedBank.token, ScriptedBank.good([])]
        #expect(await perform(.fetch, charge(), none).0 == .open(askAgainAfter: .seconds(105)))
        #expect(await perform(.fetch, charge(status: .succeeded), none).0 == .facts([]))
        #expect(await perform(.fetch, charge(status: .succeeded), none).1.isEmpty)
        #expect(provider().firstLook == .seconds(15) && provider().holdsPayments)
    }

    @Test("a charge over midnight in Bangkok is looked for on both days")
    func midnight() async throws {
        let evening = try #require(Timestamp(rfc3339: "2026-11-23T16:59:00Z"))
        let order = ChargeOrder(
            orderID: "o",
            amount: Amount(minorUnits: 15000, asset: .thb),
            method: .promptpay,
            expiresAt: evening.advanced(by: .seconds(900))
        )
        var charge = Charge(id: ChargeID(value: 1), order: order, provider: .promptPay, createdAt: evening)
        charge.providerReference = "7K3M9Q2XABC0"
        let answers = [ScriptedBank.token, ScriptedBank.good([]), ScriptedBank.good([])]
        let (_, requests) = await perform(.fetch, charge, answers, at: evening.advanced(by: .seconds(120)))
        #expect(requests.dropFirst().map { $0.url.contains("2026-11-23") } == [true, false])
        #expect(requests.last?.url.contains("2026-11-24") == true)
    }

    @Test("at its end the bank has the last word, and our clock when the bank is silent for minutes")
    func ending() async throws {
        let expiring = charge(expiresIn: 100)
        let ended = PaymentFact(
            provider: .promptPay,
            subject: .charge(expiring.id),
            kind: .expired,
            occurredAt: try #require(expiring.order.expiresAt)
        )
        let none = [ScriptedBank.token, ScriptedBank.good([])]
        #expect(await perform(.expire, expiring, none).0 == .facts([ended]))
        guard case .facts(let paid) = await perform(.expire, expiring, [ScriptedBank.token, ScriptedBank.answered(200, Self.inquiry)]).0
        else {
            Issue.record("no answer")
            return
        }
        #expect(paid.count == 2 && paid.last == ended)
        guard case .notDone = await perform(.expire, expiring, [.notSent(reason: "down")]).0 else {
            Issue.record("ended although the bank was not asked")
            return
        }
        let later = Self.now.advanced(by: .seconds(300))
        #expect(await perform(.expire, expiring, [.notSent(reason: "down")], at: later).0 == .facts([ended]))
    }

    @Test("a bank gives nothing back and captures nothing on request")
    func refusals() async {
        guard case .refused = await perform(.capture(Amount(minorUnits: 1, asset: .thb)), charge(), []).0 else {
            Issue.record("captured")
            return
        }
    }
}
