import Payments
import StrictJSON

/// A charge as Omise's API shows it.
struct OmiseCharge {
    /// Omise's name for it, `chrg_…`.
    let name: String
    /// The picture of the QR, for a charge that waits to be paid.
    let pictureURL: String?
    private let chargeID: ChargeID?
    private let status: String
    private let amount: Amount
    private let paidAt: Timestamp?
    private let createdAt: Timestamp
    private let failureCode: String?
    private let failureMessage: String?
    private let fee: Amount?

    /// Reads an answer; nil when it is no charge.
    init?(_ body: [UInt8]) {
        guard let root = try? JSONDocument(body, policy: .provider).root, root["object"]?.string == "charge",
            let name = root["id"]?.string, OmiseCharge.isName(name), let status = root["status"]?.string,
            let satang = root["amount"]?.int64, satang > 0,
            let asset = root["currency"]?.string.flatMap({ Asset(code: $0.uppercased()) }), asset == .thb
        else { return nil }
        self.name = name
        self.status = status
        amount = Amount(minorUnits: Int128(satang), asset: asset)
        chargeID = root["metadata"]?["charge_id"]?.string.flatMap { ChargeID($0) }
        pictureURL = root["source"]?["scannable_code"]?["image"]?["download_uri"]?.string
        paidAt = root["paid_at"]?.string.flatMap(Timestamp.init(rfc3339:))
        createdAt = root["created_at"]?.string.flatMap(Timestamp.init(rfc3339:)) ?? Timestamp(seconds: 0)
        failureCode = root["failure_code"]?.string
        failureMessage = root["failure_message"]?.string
        let cost = (root["fee"]?.int64 ?? 0) + (root["fee_vat"]?.int64 ?? 0)
        fee = cost > 0 ? Amount(minorUnits: Int128(cost), asset: asset) : nil
    }

    /// What the charge says of the payment; nothing while it is pending, and nothing for a status that we do not know.
    var facts: [PaymentFact] {
        switch status {
        case "successful":
            // A success without a time of payment is told again when it has one; money is never dated by guess.
            guard let paidAt else { return [] }
            var facts = [fact(.captured(PaymentFact.Capture(amount: amount, transaction: name)), for: chargeID, at: paidAt)]
            if let fee { facts.append(fact(.fee(PaymentFact.Fee(transaction: name, amount: fee)), for: chargeID, at: paidAt)) }
            return facts
        case "failed":
            let failure = ChargeFailure(
                code: "payment_failed",
                message: failureMessage ?? "The payment failed.",
                providerCode: failureCode,
                isRetryable: true
            )
            return [fact(.attemptFailed(failure), for: chargeID, at: createdAt)]
        case "expired": return [fact(.expired, for: chargeID, at: createdAt)]
        case "reversed": return [fact(.canceled, for: chargeID, at: createdAt)]
        default: return []
        }
    }

    func fact(_ kind: PaymentFact.Kind, for chargeID: ChargeID?, at instant: Timestamp) -> PaymentFact {
        PaymentFact(
            provider: .promptPay,
            subject: chargeID.map { .charge($0) } ?? .reference(name),
            kind: kind,
            occurredAt: instant,
            providerReference: name
        )
    }

    /// Whether a text can be Omise's name for a charge, and is safe in a path.
    static func isName(_ text: String) -> Bool {
        text.hasPrefix("chrg_") && (6...100).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            }
    }
}
