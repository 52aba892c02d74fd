import Payments
import StrictJSON

/// The transfer behind a slip, as the bank shows it; names and accounts are masked.
struct SlipTransfer: Sendable, Hashable {
    let sendingBank: String
    let transactionReference: String
    let paidAt: Timestamp
    let amount: Amount
    /// The receiver's numbers as far as they are shown, proxy first.
    let receivers: [String]
    /// Reference 1 of a bill; nil where the bank tells none.
    let reference1: String?

    /// Reads the bank's answer.
    ///
    /// - Throws: `InterpretationError` that names the member.
    init(_ data: JSONValue) throws(InterpretationError) {
        guard let reference = data["transRef"]?.string, !reference.isEmpty else { throw InterpretationError("transRef is missing") }
        guard let bank = data["sendingBank"]?.string, !bank.isEmpty else { throw InterpretationError("sendingBank is missing") }
        guard let day = data["transDate"]?.string, let time = data["transTime"]?.string, let paidAt = SlipTransfer.instant(day, time) else {
            throw InterpretationError("transDate and transTime are no time")
        }
        let currency = data["paidLocalCurrency"]?.string ?? ""
        guard currency.isEmpty || currency == "764" else { throw InterpretationError("paidLocalCurrency is not baht") }
        guard let text = data["amount"].flatMap(SlipTransfer.text), let amount = try? Amount(decimal: text, asset: .thb), amount.isPositive
        else {
            throw InterpretationError("amount is no sum of baht")
        }
        sendingBank = bank
        transactionReference = reference
        self.paidAt = paidAt
        self.amount = amount
        let receiver = data["receiver"]
        receivers = [receiver?["proxy"]?["value"]?.string, receiver?["account"]?["value"]?.string].compactMap { text in
            text.flatMap { $0.isEmpty ? nil : $0 }
        }
        reference1 = data["ref1"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A string at one bank, a number at another; read by its text either way.
    private static func text(_ value: JSONValue) -> String? {
        let text = value.string ?? value.number?.text
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// `20261123` and `15:30:00`, in Bangkok.
    private static func instant(_ day: String, _ time: String) -> Timestamp? {
        guard day.utf8.count == 8, time.utf8.count == 8 else { return nil }
        return BankTime.instant("\(day.prefix(4))-\(day.dropFirst(4).prefix(2))-\(day.suffix(2))T\(time)")
    }
}

/// What the bank says of a slip.
enum SlipAnswer: Sendable, Hashable {
    case transfer(SlipTransfer)
    /// The bank knows no such transfer.
    case unknownSlip
    /// The bank could not be asked.
    case unavailable(reason: String)
}
