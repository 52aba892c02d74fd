import Cryptography
import HTTPTypes
import Payments
import StrictJSON
import TestSupport
import Testing

@testable import Providers

@Suite("Omise")
struct OmiseBankTests {
    private static let now = Timestamp(seconds: 1_795_420_800)
    private static let event = (try? Fixture.bytes("providers/promptpay/samples/02-omise-charge.complete.json")) ?? []
    private static let charged = (try? Fixture.bytes("providers/promptpay/samples/03-omise-charge.json")) ?? []

    private func provider(_ secrets: [String] = []) -> PromptPayProvider {
        let access = OmiseAccess(
            apiBase: "https://omise.example",
            secretKey: SecretText("skey_test_1"),
            webhookSecrets: secrets.map { SecretText($0) }
        )
        return PromptPayProvider(
            profile: ProviderProfile(name: .promptPay, methods: [:]),
            recipient: nil,
            merchantName: nil,
            bank: .omise(access)
        )
    }

    private func charge(reference: String? = nil) -> Charge {
        let order = ChargeOrder(
            orderID: "LT 1",
            amount: Amount(minorUnits: 156_000, asset: .thb),
            method: .promptpay,
            expiresAt: Self.now.advanced(by: .seconds(900))
        )
        var charge = Charge(id: ChargeID(value: 5), order: order, provider: .promptPay, createdAt: Self.now)
        charge.providerReference = reference
        return charge
    }

    private func answer(_ changes: [String: JSONValue]) throws -> ProviderAnswer {
        var body = try #require(try JSONValue.parse(Self.charged).object)
        for (name, value) in changes { body[name] = value }
        return ScriptedBank.json(.object(body))
    }

    private func perform(
        _ operation: ProviderOperation,
        _ charge: Charge,
        _ answers: [ProviderAnswer]
    ) async -> (ProviderOutcome, [ProviderRequest]) {
        let bank = ScriptedBank(answers)
        let outcome = await provider().perform(operation, for: charge, at: Self.now) { await bank.answer($0) }
        return (outcome, await bank.requests)
    }

    private func inquire(_ answers: [ProviderAnswer]) async throws -> (ProviderOutcome, [ProviderRequest]) {
        let webhook = VerifiedWebhook(verifiedBy: .promptPay, eventID: "evnt_1", eventType: "charge.complete", body: Self.event)
        guard case .needsFetch(let object) = try provider().interpret(webhook) else { throw InterpretationError("not asked for") }
        let bank = ScriptedBank(answers)
        let outcome = await provider().inquire(object, for: nil, at: Self.now) { await bank.answer($0) }
        return (outcome, await bank.requests)
    }

    @Test("every signature vector is met")
    func signatures() throws {
        let vectors = try #require(try JSONValue.parse(Fixture.bytes("providers/promptpay/signatures.json"))["omise"]?.array)
        #expect(vectors.count >= 12)
        for vector in vectors {
            let name = vector["name"]?.string ?? ""
            var headers = HTTPFields()
            if let text = vector["signature"]?.string, !text.isEmpty { headers[HTTPField.Name("Omise-Signature")!] = text }
            if let text = vector["timestamp"]?.string, !text.isEmpty { headers[HTTPField.Name("Omise-Signature-Timestamp")!] = text }
            let webhook = UnverifiedWebhook(headers: headers, body: Array((vector["body"]?.string ?? "").utf8))
            let secrets = (vector["secrets"]?.array ?? []).compactMap(\.string)
            switch provider(secrets).verify(webhook, at: Timestamp(seconds: vector["now"]?.int64 ?? 0)) {
            case .verified(let verified):
                #expect(vector["expected"]?.string == "valid", "\(name)")
                #expect(verified.eventID == "evnt_test_5w2wlnd8izu9br3lt7x" && verified.eventType == "charge.complete")
            case .refused(let reason):
                #expect(vector["expected"]?.string == "invalid" && reason.rawValue == vector["reason"]?.string, "\(name): \(reason)")
            default: Issue.record("\(name)")
            }
        }
    }

    @Test("a signature or timestamp cut anywhere, or of random bytes, is refused")
    func damage() throws {
        let vector = try #require(try JSONValue.parse(Fixture.bytes("providers/promptpay/signatures.json"))["omise"]?.array?.first)
        let secret = vector["secrets"]?.array?.first?.string ?? ""
        let (signature, timestamp) = (vector["signature"]?.string ?? "", vector["timestamp"]?.string ?? "")
        let verdict = { (signature: String, timestamp: String) -> WebhookVerdict in
            var headers = HTTPFields()
            headers[.omiseSignature] = signature
            headers[.omiseTimestamp] = timestamp
            let webhook = UnverifiedWebhook(headers: headers, body: Array((vector["body"]?.string ?? "").utf8))
            return provider([secret]).verify(webhook, at: Timestamp(seconds: vector["now"]?.int64 ?? 0))
        }
        guard case .verified = verdict(signature, timestamp) else {
            Issue.record("the whole is refused")
            return
        }
        var random = SeededRandom.printed("omise signatures")
        let cut =
            (0..<signature.count).map { (String(signature.prefix($0)), timestamp) }
            + (0..<timestamp.count).map { (signature, String(timestamp.prefix($0))) }
        let noise = (0..<500).map { _ in
            let bytes = (0..<Int.random(in: 1...80, using: &random)).map { _ in UInt8.random(in: 33...126, using: &random) }
            return (String(decoding: bytes, as: UTF8.self), timestamp)
        }
        for (signature, timestamp) in cut + noise {
            guard case .refused = verdict(signature, timestamp) else {
                Issue.record("\(signature) at \(timestamp) was taken")
                return
            }
        }
    }

    @Test("the charge is read again, and its own words count: money, and the fee with its VAT")
    func refetched() async throws {
        let (outcome, requests) = try await inquire([ScriptedBank.answered(200, Self.charged)])
        #expect(requests.map(\.url) == ["https://omise.example/charges/chrg_test_5w2wlnas5shgmvzcz58"])
        #expect(requests.first?.headers[.authorization] == "Basic " + Base64.encode(Array("skey_test_1:".utf8)))
        guard case .facts(let facts) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        let name = "chrg_test_5w2wlnas5shgmvzcz58"
        #expect(
            facts.map(\.kind) == [
                .captured(PaymentFact.Capture(amount: Amount(minorUnits: 156_000, asset: .thb), transaction: name)),
                .fee(PaymentFact.Fee(transaction: name, amount: Amount(minorUnits: 2754, asset: .thb))),
            ]
        )
        #expect(facts.allSatisfy { $0.subject == .reference(name) && $0.occurredAt == Timestamp(rfc3339: "2026-11-23T07:59:58Z") })
    }

    @Test("each status is one fact; what is pending or unheard of is asked about again")
    func statuses() async throws {
        for (status, isKnown) in [("failed", true), ("expired", true), ("reversed", true), ("pending", false), ("unheard_of", false)] {
            switch try await inquire([try answer(["status": .string(status)])]).0 {
            case .facts(let facts): #expect(isKnown && facts.count == 1, "\(status)")
            case .unknown: #expect(!isKnown, "\(status)")
            case let outcome: Issue.record("\(status): \(outcome)")
            }
        }
        guard case .unknown = try await inquire([try answer(["paid_at": .null])]).0 else {
            Issue.record("money was dated by guess")
            return
        }
        guard case .refused = try await inquire([ScriptedBank.answered(404, [])]).0 else {
            Issue.record("an unknown charge was not refused")
            return
        }
        for wrong in [["currency": "USD"], ["amount": .number(JSONNumber(-1))], ["id": "chrg_test_other"], ["object": "refund"]]
            as [[String: JSONValue]]
        {
            guard case .unknown = try await inquire([try answer(wrong)]).0 else {
                Issue.record("\(wrong)")
                return
            }
        }
    }

    @Test("our own id in the charge finds ours")
    func ownID() async throws {
        let metadata = JSONValue.object(JSONObject([("charge_id", .string(ChargeID(value: 5).description))]))
        guard case .facts(let facts) = try await inquire([try answer(["metadata": metadata])]).0 else {
            Issue.record("no facts")
            return
        }
        #expect(facts.allSatisfy { $0.subject == .charge(ChargeID(value: 5)) })
    }

    @Test("a charge begins with a call, and its QR is Omise's picture")
    func creation() async throws {
        var random: any RandomNumberGenerator = SeededRandom(seed: 1)
        #expect(provider().begin(charge(), random: &random) == .call)
        let (outcome, requests) = await perform(.create, charge(), [try answer(["status": "pending", "paid_at": .null])])
        let request = try #require(requests.first)
        #expect(request.url == "https://omise.example/charges" && request.method == .post)
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == "amount=156000&currency=THB&source%5Btype%5D=promptpay&metadata%5Bcharge_id%5D=\(ChargeID(value: 5))"
                + "&metadata%5Border_id%5D=LT%201"
        )
        guard case .facts(let facts) = outcome, case .actionRequired(.redirect(let url))? = facts.first?.kind else {
            Issue.record("\(outcome)")
            return
        }
        #expect(url.hasPrefix("https://api.omise.co/charges/") && facts.first?.providerReference == "chrg_test_5w2wlnas5shgmvzcz58")
        let answers: [(ProviderAnswer, Bool)] = [
            (ScriptedBank.answered(400, []), true), (ScriptedBank.answered(500, []), false), (.unknown(reason: "slow"), false),
            (.notSent(reason: "down"), false), (ScriptedBank.answered(401, []), false), (ScriptedBank.answered(200, []), false),
        ]
        for (answer, isFinal) in answers {
            let outcome = await perform(.create, charge(), [answer]).0
            let isFacts = if case .facts = outcome { true } else { false }
            #expect(isFacts == isFinal, "\(answer)")
        }
    }

    @Test("at its end a charge is closed at Omise, which tells whether it was paid")
    func ending() async throws {
        let open = charge(reference: "chrg_test_5w2wlnas5shgmvzcz58")
        let (outcome, requests) = await perform(.expire, open, [ScriptedBank.answered(200, []), ScriptedBank.answered(200, Self.charged)])
        #expect(requests.count == 2 && requests.first?.url.hasSuffix("/expire") == true)
        guard case .facts(let facts) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(facts.count == 3 && facts.last?.kind == .expired)
    }

    @Test("names that are not Omise's never reach a path")
    func names() {
        for name in ["", "chrg_", "chrg_../x", "chrg_A", "evnt_1", "chrg_a/b", "chrg_a?b"] { #expect(!OmiseCharge.isName(name), "\(name)") }
    }
}
