import Cryptography
import Payments
import StrictJSON
import TestSupport
import Testing

@testable import Providers

@Suite("Slips")
struct SlipTests {
    private static let text = "0041000600000101030040220013071152533APM077365102TH91048134"
    private static let biller = "010556207402701"
    private static let now = Timestamp(seconds: 1_795_422_660)

    @Test("a slip cut at any character is refused, a damaged one never crashes and never becomes another")
    func damage() throws {
        let good = try Slip(text: Self.text)
        for text in [Self.text, "00480002010102010203P2P0313TXN00012345670408250120249104b425"] {
            for length in 0..<text.count { #expect(throws: SlipError.self, "\(length)") { try Slip(text: String(text.prefix(length))) } }
        }
        var random = SeededRandom.printed("slips")
        for _ in 0..<5000 {
            var bytes = Array(Self.text.utf8)
            let position = Int.random(in: 0..<bytes.count, using: &random)
            let byte = UInt8.random(in: 0...255, using: &random)
            guard bytes[position] != byte else { continue }
            bytes[position] = byte
            // A checksum of 16 bits finds every change of one byte; only white space at the end is dropped.
            #expect(throws: SlipError.self, "\(position) \(byte)") { try Slip(text: String(decoding: bytes, as: UTF8.self)) }
            let noise = (0..<Int.random(in: 0...80, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = try? Slip(text: String(decoding: noise, as: UTF8.self))
        }
        #expect(try Slip(text: Self.text + " \r\n") == good)
    }

    @Test("a checksum that lost zeros fits only where it was zero")
    func lostZeros() throws {
        let whole = try Slip(text: "00390006000001010301402182026112300000000805102TH91040E46")
        #expect(try Slip(text: "00390006000001010301402182026112300000000805102TH9104E46") == whole)
        #expect(throws: SlipError.checksumWrong) { try Slip(text: "00390006000001010301402182026112300000000805102TH9104E47") }
        #expect(throws: SlipError.self) { try Slip(text: String(Self.text.dropLast(4)) + "134") }
    }

    @Test(
        "masked numbers stand for ours where every digit that is shown is ours, and enough are",
        arguments: [
            ("010556207402701", true), ("xxxxxxxxx402701", true), ("XXXXXXXXXXX2701", true), ("***********2701", true),
            ("xxx-xxx-xxx402-701", true), ("xxxxxxxxxxxx701", false), ("xxxxxxxxx402702", false), ("xxxxxxxxxxxxxxx", false),
            ("402701", false), ("", false), ("xxxxxxxxxx402701", false),
        ]
    )
    func masks(shown: String, isOurs: Bool) {
        #expect(SlipRule.isVisibly(shown, Self.biller) == isOurs)
    }

    private func charge(_ satang: Int128 = 15000, reference: String? = "7K3M9Q2XABC0", createdAt: String = "2026-11-23T08:29:30.5Z")
        -> Charge
    {
        let created = Timestamp(rfc3339: createdAt) ?? Self.now
        let order = ChargeOrder(orderID: "o", amount: Amount(minorUnits: satang, asset: .thb), method: .promptpay)
        var charge = Charge(id: ChargeID(value: 1), order: order, provider: .promptPay, createdAt: created)
        charge.providerReference = reference
        charge.status = .requiresAction
        return charge
    }

    private func verify(
        _ text: String = text,
        for charge: Charge? = nil,
        changes: [String: JSONValue] = [:],
        inquiry: ProviderAnswer = ScriptedBank.good([])
    ) async throws -> SlipVerdict {
        let sample = try JSONValue.parse(Fixture.bytes("providers/promptpay/samples/05-scb-slip.json"))
        var data = try #require(sample["data"]?.object)
        for (name, value) in changes { data[name] = value }
        let answers = [ScriptedBank.token, ScriptedBank.good(.object(data)), inquiry]
        return try await verify(text, for: charge ?? self.charge(), answers)
    }

    private func verify(_ text: String, for charge: Charge, _ answers: [ProviderAnswer]) async throws -> SlipVerdict {
        let access = SCBAccess(apiBase: "https://scb.example", apiKey: SecretText("k"), apiSecret: SecretText("s"), pathSecrets: [])
        let provider = PromptPayProvider(
            profile: ProviderProfile(name: .promptPay, methods: [:]),
            recipient: .biller(id: Self.biller),
            merchantName: nil,
            bank: .scb(access)
        )
        let bank = ScriptedBank(answers)
        return try await provider.verify(slip: text, for: charge, at: Self.now) { await bank.answer($0) }
    }

    @Test("a good slip pays, by the transfer's name where the bank has no confirmation of it")
    func good() async throws {
        guard case .accepted(let slip, let facts) = try await verify() else {
            Issue.record("not accepted")
            return
        }
        #expect(slip.sendingBank == "004" && slip.transactionReference == "013071152533APM07736")
        #expect(facts.map(\.subject) == [.charge(ChargeID(value: 1))])
        #expect(facts.map(\.occurredAt) == [Timestamp(rfc3339: "2026-11-23T08:30:00Z")])
        let capture = PaymentFact.Capture(amount: Amount(minorUnits: 15000, asset: .thb), transaction: "013071152533APM07736")
        #expect(facts.map(\.kind) == [.captured(capture)])
    }

    @Test("where the bank has the confirmation, its name of the movement counts, so nothing is booked twice")
    func confirmedToo() async throws {
        let inquiry = ScriptedBank.answered(200, try Fixture.bytes("providers/promptpay/samples/04-scb-inquiry.json"))
        guard case .accepted(_, let facts) = try await verify(inquiry: inquiry), case .captured(let capture)? = facts.first?.kind else {
            Issue.record("not accepted")
            return
        }
        #expect(facts.count == 1 && capture.transaction == "202611231530000001")
    }

    @Test("the slip of a charge that is paid already is no second payment")
    func paidAlready() async throws {
        var paid = charge()
        paid.status = .succeeded
        paid.paidBy = "202611231530000001"
        guard case .accepted(_, let facts) = try await verify(for: paid) else {
            Issue.record("not accepted")
            return
        }
        #expect(facts.isEmpty)
    }

    @Test("each rule refuses by its own code")
    func refusals() async throws {
        let receiver = { (value: JSONValue) -> JSONValue in ["proxy": ["type": "BILLERID", "value": value]] }
        let cases: [(SlipRefusal, [String: JSONValue], Charge?)] = [
            (.receiverMismatch, ["receiver": receiver("xxxxxxxxx402702")], nil), (.receiverMismatch, ["receiver": receiver("")], nil),
            (.receiverMismatch, ["receiver": .null], nil), (.otherCharge, ["ref1": "ANOTHER"], nil),
            (.amountMismatch, ["amount": .number(try #require(JSONNumber("150.01")))], nil), (.amountMismatch, [:], charge(15001)),
            (.tooEarly, [:], charge(createdAt: "2026-11-23T08:30:01Z")), (.unknownSlip, ["sendingBank": "014"], nil),
            (.unknownSlip, ["transRef": "013071152533APM07737"], nil),
        ]
        for (expected, changes, charge) in cases {
            let refusal = await #expect(throws: SlipRefusal.self) { try await verify(for: charge, changes: changes) }
            #expect(refusal == expected, "\(changes)")
        }
        // The same second is in time: slips tell whole seconds.
        _ = try await verify(for: charge(createdAt: "2026-11-23T08:30:00.9Z"))
    }

    @Test("no slip, a slip that no bank knows, and a bank that cannot be asked")
    func outside() async throws {
        let unknown = [ScriptedBank.token, ScriptedBank.json(["status": ["code": 4101]], status: 404)]
        for (text, expected) in [
            ("ABCD", SlipRefusal.unreadable), ("00020101021129370016A0000006770101110113006680123456753037645802TH6304BE2B", .unreadable),
            ("00480002010102010203P2P0313TXN00012345670408250120249104b425", .notSupported), (Self.text, .unknownSlip),
        ] {
            let refusal = await #expect(throws: SlipRefusal.self) { try await verify(text, for: charge(), unknown) }
            #expect(refusal == expected, "\(text)")
        }
        for answers in [[.notSent(reason: "down")], [ScriptedBank.token, ScriptedBank.answered(500, [])]] as [[ProviderAnswer]] {
            guard case .unavailable = try await verify(Self.text, for: charge(), answers) else {
                Issue.record("not put off")
                return
            }
        }
        guard case .unavailable = try await verify(inquiry: .unknown(reason: "slow")) else {
            Issue.record("booked although the confirmation could not be looked for")
            return
        }
    }

    @Test("where the bank confirms only, slips are not taken")
    func unsupported() async throws {
        let provider = PromptPayProvider(
            profile: ProviderProfile(name: .promptPay, methods: [:]),
            recipient: .biller(id: Self.biller),
            merchantName: nil,
            webhookSecrets: []
        )
        let refusal = await #expect(throws: SlipRefusal.self) {
            try await provider.verify(slip: Self.text, for: charge(), at: Self.now) { _ in .notSent(reason: "nobody asks") }
        }
        #expect(refusal == .notSupported)
    }
}
