import Payments
import StrictJSON

/// An invoice of the processor, read from its answer; what the answer says is compared with what we asked before anything follows.
struct CryptoInvoice {
    let id: String
    /// Our own id, which the processor carries for us.
    let orderID: String
    let price: Amount
    let status: Status
    let createdAt: Timestamp
    let expiresAt: Timestamp
    let monitoredUntil: Timestamp
    let asset: Asset
    let network: String
    let contract: String?
    let destination: String
    let rate: ExchangeRate?
    let due: Amount
    /// Every payment ever seen; those that a chain dropped again are marked.
    let payments: [Payment]
    /// How often a settled invoice lost a confirmed payment to a reorganisation.
    let reorganisationCount: Int

    /// The processor's own judgement.
    enum Status: String, CaseIterable {
        case new = "New"
        case processing = "Processing"
        case expired = "Expired"
        case invalid = "Invalid"
        case settled = "Settled"
    }

    /// A payment, and whether its chain still has it.
    struct Payment {
        let payment: ChainPayment
        let isDropped: Bool
    }

    /// More would be a mistake, or an attack.
    private static let paymentsMax = 100
    private static let reorganisationsMax = 20

    /// Reads an invoice.
    ///
    /// - Throws: `InterpretationError` that names the member.
    init(_ object: JSONElement) throws(InterpretationError) {
        id = try CryptoInvoice.identifier(object, "id")
        orderID = object["metadata"]?["orderId"]?.string ?? ""
        price = try CryptoInvoice.amount(object, "amount", try CryptoInvoice.asset(object["currency"]?.string))
        guard let status = object["status"]?.string.flatMap(Status.init(rawValue:)) else {
            throw InterpretationError("status is not known")
        }
        self.status = status
        createdAt = try CryptoInvoice.time(object, "createdTime")
        expiresAt = try CryptoInvoice.time(object, "expirationTime")
        monitoredUntil = try CryptoInvoice.time(object, "monitoringExpiration")
        guard let method = object["paymentMethod"], let methodID = method["paymentMethodId"]?.string, methodID.hasSuffix("-CHAIN") else {
            throw InterpretationError("paymentMethod is missing")
        }
        asset = try CryptoInvoice.asset(String(methodID.dropLast("-CHAIN".count)))
        guard let network = method["network"]?.string, let destination = method["destination"]?.string else {
            throw InterpretationError("network or destination is missing")
        }
        self.network = network
        self.destination = destination
        contract = method["contract"]?.string
        rate = try CryptoInvoice.rate(method["rate"], of: asset, in: price.asset)
        due = try CryptoInvoice.amount(method, "amount", asset)
        guard let listed = method["payments"]?.array, listed.count <= CryptoInvoice.paymentsMax else {
            throw InterpretationError("payments is missing or too long")
        }
        var payments: [Payment] = []
        for element in listed { payments.append(try CryptoInvoice.payment(element, network: network, asset)) }
        self.payments = payments
        guard let count = object["reorganisations"]?.int64, (0...Int64(CryptoInvoice.reorganisationsMax)).contains(count) else {
            throw InterpretationError("reorganisations is not a small number")
        }
        reorganisationCount = Int(count)
    }

    private static func payment(_ object: JSONElement, network: String, _ asset: Asset) throws(InterpretationError) -> Payment {
        let id = try identifier(object, "id")
        guard let confirmations = object["confirmations"]?.int64, confirmations >= 0 else {
            throw InterpretationError("confirmations is not a number")
        }
        let amount = try amount(object, "value", asset)
        guard amount.isPositive else { throw InterpretationError("value is not positive") }
        let payment = ChainPayment(
            key: "\(network):\(id)",
            amount: amount,
            seenAt: try time(object, "receivedDate"),
            confirmations: Int(min(confirmations, 1_000_000_000))
        )
        return Payment(payment: payment, isDropped: object["status"]?.string == "Invalid")
    }

    private static func asset(_ code: String?) throws(InterpretationError) -> Asset {
        guard let asset = code.flatMap(Asset.init(code:)) else { throw InterpretationError("a currency is not known") }
        return asset
    }

    private static func amount(_ object: JSONElement, _ name: String, _ asset: Asset) throws(InterpretationError) -> Amount {
        guard let text = object[name]?.string, let amount = try? Amount(decimal: text, asset: asset) else {
            throw InterpretationError("\(name) is no decimal of its currency")
        }
        return amount
    }

    private static func time(_ object: JSONElement, _ name: String) throws(InterpretationError) -> Timestamp {
        guard let seconds = object[name]?.int64, seconds >= 0 else { throw InterpretationError("\(name) is no time") }
        return Timestamp(seconds: seconds)
    }

    private static func rate(_ element: JSONElement?, of base: Asset, in quote: Asset) throws(InterpretationError) -> ExchangeRate? {
        guard base != quote else { return nil }
        guard let price = element?.string, let rate = ExchangeRate(base: base, quote: quote, price: price) else {
            throw InterpretationError("rate is no decimal")
        }
        return rate
    }

    /// A name that becomes a part of causes and addresses; a plus sign would read as two payments.
    private static func identifier(_ object: JSONElement, _ name: String) throws(InterpretationError) -> String {
        guard let text = object[name]?.string, isIdentifier(text) else { throw InterpretationError("\(name) is no identifier") }
        return text
    }

    /// Whether a text can name an invoice or a payment of the processor.
    static func isIdentifier(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
