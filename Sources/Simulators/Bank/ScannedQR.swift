/// What a banking app reads from a Thai QR; written from EMVCo's and the Bank of Thailand's rules, apart from our own reader.
struct ScannedQR: Sendable {
    let amount: String?
    let billerID: String?
    let payee: String?
    let reference1: String
    let reference2: String

    /// Reads a payload; nil when the checksum or the structure is wrong.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count > 8, let fields = ScannedQR.fields(text), let checksum = fields["63"] else { return nil }
        guard UInt16(checksum, radix: 16) == EMVChecksum.sum(Array(bytes.dropLast(4))) else { return nil }
        let transfer = fields["29"].flatMap(ScannedQR.fields) ?? [:]
        let bill = fields["30"].flatMap(ScannedQR.fields) ?? [:]
        amount = fields["54"]
        billerID = bill["01"]
        payee = transfer["01"] ?? transfer["02"] ?? transfer["03"]
        reference1 = bill["02"] ?? ""
        reference2 = bill["03"] ?? ""
        guard billerID != nil || payee != nil else { return nil }
    }

    private static func fields(_ text: String) -> [String: String]? {
        var fields: [String: String] = [:]
        var rest = text[...]
        while !rest.isEmpty {
            guard rest.count >= 4, let length = Int(rest.dropFirst(2).prefix(2)), rest.count >= 4 + length else { return nil }
            fields[String(rest.prefix(2))] = String(rest.dropFirst(4).prefix(length))
            rest = rest.dropFirst(4 + length)
        }
        return fields
    }
}
