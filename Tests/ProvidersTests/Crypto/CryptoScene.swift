import Cryptography
import Payments
import StrictJSON
import TestSupport

@testable import Providers

/// A charge, the processor's invoice for it, and the books that looks at the invoice lead to.
struct CryptoScene {
    static let created: Int64 = 1_795_460_000
    static let address = "tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy"
    static let id = ChargeID(value: 7)

    private(set) var file: CaseFile
    private(set) var entries: [JournalEntry] = []
    private(set) var exceptions: [PaymentException] = []
    private(set) var notifications: [OrderCoreNotification] = []
    private var lastRefund: UInt128 = 100

    var charge: Charge { file.charges[Self.id] ?? Self.charge() }

    init(_ charge: Charge = Self.charge()) {
        file = CaseFile(charges: [charge])
    }

    /// 80.00 THB for 2462 satoshi at 3,250,000 THB, as in quote-01, due 900 s after its creation.
    static func charge(_ amount: Amount = Amount(minorUnits: 8000, asset: .thb), coin: Asset = .btc) -> Charge {
        let order = ChargeOrder(
            orderID: "LT-7",
            amount: amount,
            method: .crypto,
            coin: coin,
            expiresAt: Timestamp(seconds: created + 900)
        )
        return Charge(id: id, order: order, provider: .crypto, createdAt: Timestamp(seconds: created))
    }

    static func policy(tolerance: Int = 0) -> ConfirmationsPolicy {
        let steps = ConfirmationsPolicy.Steps(limits: [.thb: Amount(minorUnits: 10_000_00, asset: .thb)], withinLimit: 2, beyond: 6)
        return ConfirmationsPolicy(
            steps: [.btc: steps, .eth: steps, .usdt: steps],
            toleranceBasisPoints: tolerance,
            monitoredFor: .seconds(3600)
        )
    }

    static func provider(tolerance: Int = 0, secrets: [String] = ["secret"]) -> CryptoProvider {
        CryptoProvider(
            profile: ProviderProfile(name: .crypto, methods: [:]),
            policy: policy(tolerance: tolerance),
            webhookSecrets: secrets.map { SecretText($0) },
            apiBase: "http://processor.example/"
        )
    }

    /// Looks at an invoice with what is known of the charge by then, or with what was known at some earlier time, and books what it says.
    mutating func look(_ invoice: CryptoInvoiceText, at second: Int64, tolerance: Int = 0, knowing earlier: Charge? = nil) throws {
        let now = Timestamp(seconds: Self.created + second)
        let read = try CryptoInvoice(JSONDocument(invoice.bytes, policy: .provider).root)
        let checked = try CheckedInvoice(read, for: earlier ?? charge, coins: CryptoAsset.test, policy: Self.policy(tolerance: tolerance))
        try take(checked.facts(at: now), at: now)
    }

    mutating func take(_ facts: [PaymentFact], at now: Timestamp) {
        for fact in facts {
            lastRefund += 1
            let number = lastRefund
            let new = CaseFile.NewIdentifiers(
                refund: { RefundID(value: number) },
                dispute: { DisputeID(value: number) },
                settlement: { SettlementID(value: number) }
            )
            let (decision, _) = file.decide(fact, at: now, new: new)
            entries += decision.entries
            // As the table does: one exception for a cause.
            for exception in decision.exceptions where !exceptions.contains(where: { $0.cause == exception.cause }) {
                exceptions.append(exception)
            }
            notifications += decision.notifications
        }
    }

    /// Debits less credits of an account, in smallest units.
    func balance(_ account: String) -> Int128 {
        entries.flatMap(\.transfers).reduce(0) { sum, transfer in
            var sum = sum
            if transfer.debit.name.text == account { sum += transfer.amount.minorUnits }
            if transfer.credit.name.text == account { sum -= transfer.amount.minorUnits }
            return sum
        }
    }

    /// Every account that does not stand at zero.
    var balances: [String: Int128] {
        let names = Set(entries.flatMap(\.transfers).flatMap { [$0.debit.name.text, $0.credit.name.text] })
        return Dictionary(uniqueKeysWithValues: names.map { ($0, balance($0)) }).filter { $0.value != 0 }
    }

    /// Whether each cause is booked once.
    var bookedOnce: Bool { Set(entries.map(\.cause)).count == entries.count }
}

/// An invoice as the processor writes it.
struct CryptoInvoiceText {
    var id = "inv1"
    var orderID = CryptoScene.id.description
    var amount = "80.00"
    var currency = "THB"
    var status = "New"
    var asset = "BTC"
    var network = "bitcoin-testnet"
    var destination = CryptoScene.address
    var contract: String?
    var rate: String? = "3250000.00"
    var due = "0.00002462"
    var payments: [Payment] = []
    var reorganisations = 0

    struct Payment {
        var id = "tx1-0"
        var value = "0.00002462"
        var seen: Int64 = 100
        var confirmations = 0
        var status = "Processing"
    }

    /// The same with another standing.
    func with(_ status: String, _ payments: [Payment]? = nil, reorganisations: Int? = nil) -> CryptoInvoiceText {
        var text = self
        text.status = status
        text.payments = payments ?? self.payments
        text.reorganisations = reorganisations ?? self.reorganisations
        return text
    }

    var bytes: [UInt8] {
        let listed: [JSONValue] = payments.map { payment in
            [
                "id": .string(payment.id), "value": .string(payment.value),
                "receivedDate": .number(JSONNumber(CryptoScene.created + payment.seen)),
                "confirmations": .number(JSONNumber(Int64(payment.confirmations))), "status": .string(payment.status),
            ]
        }
        let method: JSONValue = [
            "paymentMethodId": .string(asset + "-CHAIN"), "network": .string(network), "destination": .string(destination),
            "contract": contract.map { .string($0) } ?? .null, "rate": rate.map { .string($0) } ?? .null, "amount": .string(due),
            "payments": .array(listed),
        ]
        let invoice: JSONValue = [
            "id": .string(id), "storeId": "truvapay", "amount": .string(amount), "currency": .string(currency),
            "status": .string(status), "additionalStatus": "None", "createdTime": .number(JSONNumber(CryptoScene.created)),
            "expirationTime": .number(JSONNumber(CryptoScene.created + 900)),
            "monitoringExpiration": .number(JSONNumber(CryptoScene.created + 4500)), "metadata": ["orderId": .string(orderID)],
            "paymentMethod": method, "reorganisations": .number(JSONNumber(Int64(reorganisations))),
        ]
        return invoice.serialized()
    }
}
