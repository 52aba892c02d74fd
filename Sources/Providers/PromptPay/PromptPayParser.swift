package import Payments

/// A Thai QR as read from its text.
package struct ParsedPromptPay: Sendable, Hashable {
    /// The amount, when the QR carries one.
    package let amount: Amount?
    /// Tag 29: sub-field id and value of the payee.
    package let creditTransfer: String?
    package let billerID: String?
    package let reference1: String?
    package let reference2: String?
}

/// Reads Thai QRs: any order of fields between the first and the checksum, strict about lengths, doubles and the checksum.
package enum PromptPayParser {
    /// Reads a payload; white space of a scanner at its end is dropped.
    ///
    /// - Throws: `PromptPayError`.
    package static func parse(_ text: String) throws(PromptPayError) -> ParsedPromptPay {
        let payload = text.reversed().drop { $0.isNewline || $0 == " " }.reversed().map(String.init).joined()
        let fields = try EMVField.fields(in: payload)
        guard fields.first == EMVField("00", "01") else { throw .firstFieldWrong }
        guard let checksum = fields.last, checksum.id == "63", checksum.value.unicodeScalars.count == 4 else { throw .checksumMissing }
        let covered = Array(payload.utf8.dropLast(checksum.value.utf8.count))
        guard CRC16.hexadecimal(covered) == checksum.value else { throw .checksumWrong }
        let values = Dictionary(fields.map { ($0.id, $0.value) }) { first, _ in first }
        guard values["53"] == "764" else { throw .notThai }
        let transfer = try template(values["29"])
        let bill = try template(values["30"])
        return ParsedPromptPay(
            amount: try values["54"].map(amount),
            creditTransfer: transfer["01"] ?? transfer["02"] ?? transfer["03"] ?? transfer["04"],
            billerID: bill["01"],
            reference1: bill["02"],
            reference2: bill["03"]
        )
    }

    private static func template(_ value: String?) throws(PromptPayError) -> [String: String] {
        guard let value else { return [:] }
        return Dictionary(try EMVField.fields(in: value).map { ($0.id, $0.value) }) { first, _ in first }
    }

    /// Readers take `80`, `80.`, `80.5` and `080.00` (EMVCo MPM, field 54), which we never write.
    private static func amount(_ text: String) throws(PromptPayError) -> Amount {
        guard (1...13).contains(text.utf8.count) else { throw .amountSyntax }
        var digits = text.drop { $0 == "0" }
        if digits.isEmpty || digits.first == "." { digits = "0" + digits }
        if digits.last == "." { digits = digits.dropLast() }
        do throws(AmountError) {
            return try Amount(decimal: String(digits), asset: .thb)
        } catch {
            throw error == .tooPrecise ? .amountTooPrecise : .amountSyntax
        }
    }
}
