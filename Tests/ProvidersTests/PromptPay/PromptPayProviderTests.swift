import Cryptography
import HTTPTypes
import Payments
import StrictJSON
import TestSupport
import Testing
import Yams

@testable import Providers

@Suite("PromptPay")
struct PromptPayProviderTests {
    private static let biller = "010556207402701"

    private func provider(_ secrets: [String] = ["s"], recipient: PromptPayRecipient = .biller(id: biller)) -> PromptPayProvider {
        PromptPayProvider(
            profile: ProviderProfile(name: .promptPay, methods: [:]),
            recipient: recipient,
            merchantName: "SALAK DEE",
            webhookSecrets: secrets.map { SecretText($0) }
        )
    }

    private func interpret(_ changes: [String: JSONValue]) throws -> PaymentFact {
        var body = try #require(try JSONValue.parse(Fixture.bytes("providers/promptpay/samples/01-payment_confirmation.json")).object)
        for (name, value) in changes { body[name] = value }
        let bytes = JSONValue.object(body).serialized()
        let webhook = VerifiedWebhook(verifiedBy: .promptPay, eventID: "t", eventType: "payment_confirmation", body: bytes)
        guard case .facts(let facts) = try provider().interpret(webhook) else { throw InterpretationError("ignored") }
        return try #require(facts.first)
    }

    @Test("every signature vector is met")
    func signatures() throws {
        let file = try JSONValue.parse(Fixture.bytes("providers/promptpay/signatures.json"))
        for vector in file["cases"]?.array ?? [] {
            var headers = HTTPFields()
            if let header = vector["header"]?.string { headers[HTTPField.Name("Bank-Signature")!] = header }
            let webhook = UnverifiedWebhook(headers: headers, body: Array((vector["body"]?.string ?? "").utf8))
            let secrets = (vector["secrets"]?.array ?? []).compactMap(\.string)
            switch provider(secrets).verify(webhook, at: Timestamp(seconds: vector["now"]?.int64 ?? 0)) {
            case .verified(let verified):
                #expect(vector["expected"]?.string == "valid", "\(vector["name"]?.string ?? "")")
                #expect(verified.eventID == "202611231530000001")
                let answer = String(decoding: provider().acknowledgement(of: verified).body, as: UTF8.self)
                #expect(answer == #"{"resCode":"00","resDesc":"success","transactionId":"202611231530000001"}"#)
            case .refused(let reason):
                #expect(
                    vector["expected"]?.string == "invalid" && reason.rawValue == vector["reason"]?.string,
                    "\(vector["name"]?.string ?? "")"
                )
            default: Issue.record("\(vector["name"]?.string ?? "")")
            }
        }
    }

    @Test("a confirmation is money received, by reference, at the bank's time")
    func confirmation() throws {
        let fact = try interpret([:])
        #expect(fact.subject == .reference("7K3M9Q2XABC0"))
        #expect(fact.occurredAt == Timestamp(rfc3339: "2026-11-23T08:30:00Z"))
        #expect(
            fact.kind == .captured(PaymentFact.Capture(amount: Amount(minorUnits: 15000, asset: .thb), transaction: "202611231530000001"))
        )
    }

    @Test("without a reference the amount has to find the charge")
    func byAmount() throws {
        #expect(try interpret(["billPaymentRef1": .string("")]).subject == .amount(Amount(minorUnits: 15000, asset: .thb)))
    }

    @Test("a payment to another biller is nobody's")
    func otherBiller() throws {
        #expect(try interpret(["payeeProxyId": .string("099999999999990")]).subject == .unknown)
    }

    @Test("reference 2 may hold anything but another attempt of ours")
    func attempts() throws {
        for text in ["", "A1", "1", "INV001", "A1234", "A", "AB"] {
            #expect(try interpret(["billPaymentRef2": .string(text)]).subject == .reference("7K3M9Q2XABC0"), "\(text)")
        }
        for text in ["A2", "A0", "A12"] {
            #expect(try interpret(["billPaymentRef2": .string(text)]).subject == .unknown, "\(text)")
        }
    }

    @Test("what is documented of each bank's events is what happens")
    func events() throws {
        let documented = try #require(try Yams.load(yaml: Fixture.text("providers/promptpay/events.yaml")) as? [String: [String: String]])
        #expect(Set(documented.keys) == ["signed", "scb", "omise"])
        let secret = SecretText("s")
        let banks: [String: PromptPayBank] = [
            "signed": .signed(secrets: [secret]),
            "scb": .scb(SCBAccess(apiBase: "https://a.example", apiKey: secret, apiSecret: secret, pathSecrets: [])),
            "omise": .omise(OmiseAccess(apiBase: "https://a.example", secretKey: secret, webhookSecrets: [])),
        ]
        let samples = ["payment_confirmation": "01-payment_confirmation", "charge.complete": "02-omise-charge.complete"]
        for (name, events) in documented {
            let provider = PromptPayProvider(
                profile: ProviderProfile(name: .promptPay, methods: [:]),
                recipient: .biller(id: Self.biller),
                merchantName: nil,
                bank: try #require(banks[name])
            )
            for (type, meaning) in events {
                let sample = try #require(samples[type])
                let body = try Fixture.bytes("providers/promptpay/samples/\(sample).json")
                let webhook = VerifiedWebhook(verifiedBy: .promptPay, eventID: "e", eventType: type, body: body)
                switch try provider.interpret(webhook) {
                case .facts: #expect(meaning == "captured", "\(name) \(type)")
                case .needsFetch: #expect(meaning == "asked", "\(name) \(type)")
                case .ignored, .payoutChanged: Issue.record("\(name) ignores \(type)")
                }
            }
        }
        let omise = PromptPayProvider(
            profile: ProviderProfile(name: .promptPay, methods: [:]),
            recipient: nil,
            merchantName: nil,
            bank: try #require(banks["omise"])
        )
        let other = VerifiedWebhook(verifiedBy: .promptPay, eventID: "e", eventType: "transfer.send", body: Array("{}".utf8))
        #expect(try omise.interpret(other) == .ignored(reason: "event type not known"))
    }

    @Test(
        "times of banks",
        arguments: [
            ("2026-11-23T15:30:00.000+07:00", "2026-11-23T08:30:00Z"), ("2026-11-23T15:30:00", "2026-11-23T08:30:00Z"),
            ("2569-11-23T15:30:00+07:00", "2026-11-23T08:30:00Z"), ("2026-11-23T08:30:00Z", "2026-11-23T08:30:00Z"),
            ("2026-11-23T15:30:00+0700", "2026-11-23T08:30:00Z"), ("2567-02-29T00:00:00+07:00", "2024-02-28T17:00:00Z"),
        ]
    )
    func times(text: String, instant: String) throws {
        #expect(BankTime.instant(text) == Timestamp(rfc3339: instant))
    }

    @Test(
        "what is no confirmation is an error that names the member",
        arguments: ["amount", "currencyCode", "transactionDateandTime", "transactionId"]
    )
    func malformed(member: String) {
        let error = #expect(throws: InterpretationError.self) { try interpret([member: .null]) }
        #expect(error?.description.contains(member) == true)
    }

    @Test("amounts may be numbers, by their text, never negative or finer than satang")
    func amounts() throws {
        let fact = try interpret(["amount": .number(try #require(JSONNumber("100.5")))])
        guard case .captured(let capture) = fact.kind else { return }
        #expect(capture.amount.minorUnits == 10050)
        for text in ["-1", "0", "1.005", "1e3", "x"] {
            #expect(throws: InterpretationError.self) { try interpret(["amount": .string(text)]) }
        }
    }

    @Test("a new charge shows a QR that carries our reference and its amount")
    func begins() throws {
        let order = ChargeOrder(
            orderID: "1",
            amount: Amount(minorUnits: 15000, asset: .thb),
            method: .promptpay,
            expiresAt: Timestamp(seconds: 900)
        )
        let charge = Charge(id: ChargeID(value: 1), order: order, provider: .promptPay, createdAt: Timestamp(seconds: 0))
        var random: any RandomNumberGenerator = SeededRandom(seed: 1)
        guard case .immediate(let fact) = provider().begin(charge, random: &random),
            case .actionRequired(.displayQR(let payload, let expiresAt)) = fact.kind
        else {
            Issue.record("no QR")
            return
        }
        let parsed = try PromptPayParser.parse(payload)
        #expect(parsed.reference1 == fact.providerReference && parsed.billerID == Self.biller)
        #expect(parsed.amount == order.amount && expiresAt == order.expiresAt)
        #expect(PromptPayReference.isWellFormed(fact.providerReference ?? ""))
    }

    @Test("every wrong character and every exchange of neighbours in a reference is found")
    func references() {
        var random = SeededRandom.printed("references")
        for _ in 0..<200 {
            let reference = Array(PromptPayReference.make(random: &random))
            #expect(reference.count == 12 && PromptPayReference.isWellFormed(String(reference)))
            for position in reference.indices {
                for character in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" where character != reference[position] {
                    var wrong = reference
                    wrong[position] = character
                    #expect(!PromptPayReference.isWellFormed(String(wrong)))
                }
            }
            for position in 0..<10 where reference[position] != reference[position + 1] {
                var swapped = reference
                swapped.swapAt(position, position + 1)
                #expect(!PromptPayReference.isWellFormed(String(swapped)))
            }
        }
    }
}
