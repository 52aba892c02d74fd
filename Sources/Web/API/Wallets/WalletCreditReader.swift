import Payments
import StrictJSON

/// Reads the body of `POST /v1/wallet-credits`.
///
/// The form of the whole is checked here; what a single line says is for `WalletCreditRule`, and spoils no other line.
enum WalletCreditReader {
    private static let reasonBytesMax = 500

    /// The call, well formed.
    ///
    /// - Throws: `Problem` that names the member at fault.
    static func call(_ object: JSONObject) throws(Problem) -> WalletCreditCall {
        var reader = ObjectReader(object)
        let batchID = try reader.value("batch_id", "This member must have 1 to 64 characters of A-Z a-z 0-9 . _ -") { text in
            WalletCreditRule.isBatchID(text) ? text : nil
        }
        let reason = try reader.text("reason", lengthMax: reasonBytesMax)
        guard !CardNumberRule.isCardNumber(in: batchID), !CardNumberRule.isCardNumber(in: reason) else { throw Problem(.cardNumberRefused) }
        let asset = try reader.currency()
        let lines = try reader.array("credits", count: 1...WalletCreditCall.creditsMax)
        try reader.finish()
        var credits: [WalletCredit] = []
        credits.reserveCapacity(lines.count)
        for (index, line) in lines.enumerated() { credits.append(try credit(line, at: index)) }
        return WalletCreditCall(batchID: batchID, reason: reason, asset: asset, credits: credits)
    }

    /// Read by hand, because there are thousands.
    private static func credit(_ line: JSONValue, at index: Int) throws(Problem) -> WalletCredit {
        guard case .object(let object) = line else { throw .field("/credits/\(index)", "This must be an object.") }
        var reference: String?
        var customerID: String?
        var amount: String?
        for member in object.members {
            guard case .string(let text) = member.value else {
                throw .field("/credits/\(index)/\(member.name)", "This member must be a string.")
            }
            switch member.name {
            case "reference": reference = text
            case "customer_id": customerID = text
            case "amount": amount = text
            default: throw .field("/credits/\(index)/\(member.name)", "This member is not known.")
            }
        }
        guard let reference else { throw .field("/credits/\(index)/reference", "This member is required.") }
        guard let customerID else { throw .field("/credits/\(index)/customer_id", "This member is required.") }
        guard let amount else { throw .field("/credits/\(index)/amount", "This member is required.") }
        return WalletCredit(reference: reference, customerID: customerID, amount: amount)
    }
}
