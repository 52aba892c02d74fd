import Payments
import StrictJSON

/// A bank's confirmation of a payment, in the fields of SCB's.
struct BankConfirmation: Sendable {
    static let eventType = "payment_confirmation"

    /// The bank's name for the movement.
    let transaction: String
    let amount: Amount
    /// The bank's time, which decides whether a payment was in time.
    let paidAt: Timestamp
    let reference1: String?
    let reference2: String?
    /// Who was paid, when a biller was.
    let biller: String?

    /// Numeric currency codes (ISO 4217) of cross-border payments that a Thai account could see; baht is what is expected.
    private static let currencies = [
        "764": "THB", "840": "USD", "978": "EUR", "826": "GBP", "392": "JPY", "702": "SGD", "458": "MYR", "360": "IDR", "704": "VND",
        "344": "HKD", "156": "CNY", "116": "KHR", "418": "LAK",
    ]

    /// Reads the body.
    ///
    /// - Throws: `InterpretationError` that names the member.
    init(_ body: JSONValue) throws(InterpretationError) {
        guard let transaction = body["transactionId"]?.string, !transaction.isEmpty else {
            throw InterpretationError("transactionId is missing")
        }
        guard let code = body["currencyCode"]?.string, let asset = BankConfirmation.currencies[code].flatMap({ Asset(code: $0) }) else {
            throw InterpretationError("currencyCode is not known")
        }
        // One bank writes a string, another a number; both are read as text, never as a floating-point value.
        guard let text = body["amount"]?.string ?? body["amount"]?.number?.text, let amount = try? Amount(decimal: text, asset: asset)
        else {
            throw InterpretationError("amount is no decimal of the currency")
        }
        guard amount.isPositive else { throw InterpretationError("amount is not positive") }
        guard let time = body["transactionDateandTime"]?.string, let paidAt = BankTime.instant(time) else {
            throw InterpretationError("transactionDateandTime is no time")
        }
        self.transaction = transaction
        self.amount = amount
        self.paidAt = paidAt
        reference1 = body["billPaymentRef1"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        reference2 = body["billPaymentRef2"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        biller = body["payeeProxyType"]?.string == "BILLERID" ? body["payeeProxyId"]?.string : nil
    }

    /// The payment as a fact; one to another biller, or for an attempt that does not exist, is nobody's, whatever its reference says.
    func fact(ownBiller: String?) -> PaymentFact {
        PaymentFact(
            provider: .promptPay,
            subject: subject(ownBiller: ownBiller),
            kind: .captured(PaymentFact.Capture(amount: amount, transaction: transaction)),
            occurredAt: paidAt,
            providerReference: reference1
        )
    }

    private func subject(ownBiller: String?) -> PaymentFact.Subject {
        if let ownBiller, let biller, biller != ownBiller { return .unknown }
        guard let reference1 else { return .amount(amount) }
        if let reference2, PromptPayReference.isForeignAttempt(reference2) { return .unknown }
        return .reference(reference1)
    }
}

/// Times as Thai banks write them.
enum BankTime {
    /// ISO 8601; without an offset it is Bangkok's, and a year from 2400 on is of the Buddhist era, 543 years ahead.
    static func instant(_ text: String) -> Timestamp? {
        guard text.utf8.count >= 19, let year = Int(text.prefix(4)) else { return nil }
        var western = text
        if year >= 2400 { western = String(year - 543) + text.dropFirst(4) }
        return Timestamp(rfc3339: western) ?? Timestamp(rfc3339: western + "+07:00") ?? colonless(western)
    }

    /// `+0700` for `+07:00`.
    private static func colonless(_ text: String) -> Timestamp? {
        guard text.utf8.count > 5 else { return nil }
        return Timestamp(rfc3339: text.dropLast(2) + ":" + text.suffix(2))
    }
}
