import Cryptography
import Payments
import Providers
import StrictJSON
import TestSupport
import Testing

/// Confirmations of a bank that signs, in every order and twice, read by the provider and decided by the core.
@Suite("A bank's confirmations in every order")
struct BankEventOrderTests {
    private static let provider = PromptPayProvider(
        profile: ProviderProfile(name: .promptPay, methods: [:]),
        recipient: .biller(id: "010556207402701"),
        merchantName: nil,
        webhookSecrets: [SecretText("s")]
    )

    private static func facts(_ changes: JSONObject) throws -> [PaymentFact] {
        var body = try #require(try JSONValue.parse(Fixture.bytes("providers/promptpay/samples/01-payment_confirmation.json")).object)
        for change in changes.members { body[change.name] = change.value }
        let bytes = JSONValue.object(body).serialized()
        let id = body["transactionId"]?.string ?? ""
        let webhook = VerifiedWebhook(verifiedBy: .promptPay, eventID: id, eventType: "payment_confirmation", body: bytes)
        guard case .facts(let facts) = try provider.interpret(webhook) else { return [] }
        return facts
    }

    @Test("too little, in another currency, to another biller, the right amount, and late: one payment, and the rest waits for people")
    func payments() throws {
        var random = SeededRandom.printed("orders of a bank's confirmations")
        let order = ChargeOrder(
            orderID: "o",
            amount: Amount(minorUnits: 15_000, asset: .thb),
            method: .promptpay,
            expiresAt: Timestamp(seconds: 1_795_424_000)
        )
        var charge = Charge(id: ChargeID(value: 1), order: order, provider: .promptPay, createdAt: Timestamp(seconds: 1_795_422_000))
        charge.providerReference = "7K3M9Q2XABC0"
        let events = try [
            Self.facts(["transactionId": "a", "amount": "40.00"]), Self.facts(["transactionId": "b", "currencyCode": "840"]),
            Self.facts(["transactionId": "c", "payeeProxyId": "010556207402799"]), Self.facts(["transactionId": "d"]),
            Self.facts(["transactionId": "e", "transactionDateandTime": "2026-11-23T18:30:00+07:00"]),
        ]
        #expect(events.allSatisfy { $0.count == 1 })
        let standing = ToldEvents.standing(of: charge, after: events, &random)
        let known = try #require(standing.charge)
        #expect(known.status == .succeeded && known.amountCaptured == order.amount && known.paidBy == "d")
        #expect(standing.open.count == 4 && standing.booked.count == 5)
        #expect(
            standing.balances == [
                "orders:payable:THB": -15_000, "provider:promptpay:clearing:THB": 49_000, "suspense:promptpay:THB": -34_000,
                "provider:promptpay:clearing:USD": 15_000, "suspense:promptpay:USD": -15_000,
            ]
        )
    }
}
