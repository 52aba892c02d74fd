import Payments

/// The text of a Thai QR: EMVCo merchant-presented mode with the Bank of Thailand's tags 29 and 30, fields in ascending order.
package struct PromptPayPayload: Sendable, Hashable {
    /// The whole text, checksum included.
    package let text: String

    private static let creditTransfer = "A000000677010111"
    private static let billPayment = "A000000677010112"
    private static let crossBorderBillPayment = "A000000677012006"

    /// Makes a payload; with an amount it is meant for one payment, without for many, unless `initiation` says otherwise.
    ///
    /// A cross-border bill carries `labels.purpose` and is read by foreign apps too.
    ///
    /// - Throws: `PromptPayError`.
    package init(
        target: PromptPayTarget,
        amount: PromptPayAmount?,
        labels: PromptPayLabels = PromptPayLabels(),
        initiation: PointOfInitiation? = nil,
        isCrossBorder: Bool = false
    ) throws(PromptPayError) {
        try labels.check()
        let initiation = initiation ?? (amount == nil ? .manyPayments : .onePayment)
        let bill = isCrossBorder ? PromptPayPayload.crossBorderBillPayment : PromptPayPayload.billPayment
        let account = PromptPayPayload.account(target, bill: bill)
        var fields = [EMVField("00", "01"), EMVField("01", initiation.rawValue), account]
        fields.append(EMVField("53", "764"))
        if let amount { fields.append(EMVField("54", amount.amount.decimal)) }
        fields.append(EMVField("58", "TH"))
        if let name = labels.merchantName { fields.append(EMVField("59", name)) }
        if let city = labels.merchantCity { fields.append(EMVField("60", city)) }
        if let additional = labels.additionalData { fields.append(additional) }
        let body = fields.map(\.text).joined() + "6304"
        text = body + CRC16.hexadecimal(Array(body.utf8))
    }

    private static func account(_ target: PromptPayTarget, bill: String) -> EMVField {
        switch target {
        case .mobile(let wire): EMVField("29", template: [EMVField("00", creditTransfer), EMVField("01", wire)])
        case .taxID(let id): EMVField("29", template: [EMVField("00", creditTransfer), EMVField("02", id)])
        case .ewallet(let id): EMVField("29", template: [EMVField("00", creditTransfer), EMVField("03", id)])
        case .bankAccount(let account): EMVField("29", template: [EMVField("00", creditTransfer), EMVField("04", account)])
        case .biller(let id, let reference1, let reference2):
            EMVField(
                "30",
                template: [EMVField("00", bill), EMVField("01", id), EMVField("02", reference1)]
                    + (reference2.map { [EMVField("03", $0)] } ?? [])
            )
        }
    }
}

/// What a QR says of its use; intent only, for nothing in a payload makes it single-use (EMVCo MPM, field 01).
package enum PointOfInitiation: String, Sendable, Hashable, CaseIterable {
    /// The same QR is shown to many payers.
    case manyPayments = "11"
    /// A new QR for each payment.
    case onePayment = "12"
}

/// What a QR can say beside whom and how much.
package struct PromptPayLabels: Sendable, Hashable {
    package var merchantName: String?
    package var merchantCity: String?
    /// Sub-field 01 of field 62.
    package var billNumber: String?
    /// Sub-field 05 of field 62.
    package var reference: String?
    /// Sub-field 07 of field 62; some banks read "reference 3" there.
    package var terminal: String?
    /// Sub-field 08 of field 62, on cross-border bills: currency (3 digits), local amount (13 characters) and country (2 letters).
    package var purpose: String?

    /// Says nothing.
    package init() {}

    var additionalData: EMVField? {
        let values = [("01", billNumber), ("05", reference), ("07", terminal), ("08", purpose)]
        let fields = values.compactMap { id, value in value.map { EMVField(id, $0) } }
        return fields.isEmpty ? nil : EMVField("62", template: fields)
    }

    func check() throws(PromptPayError) {
        for (text, length) in [(merchantName, 25), (merchantCity, 15)] {
            guard let text else { continue }
            guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { throw .nameCharacters }
            guard (1...length).contains(text.utf8.count) else { throw .nameLength }
        }
        for text in [billNumber, reference, terminal, purpose] {
            guard let text else { continue }
            guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { throw .labelCharacters }
            guard (1...25).contains(text.utf8.count) else { throw .labelLength }
        }
    }
}
