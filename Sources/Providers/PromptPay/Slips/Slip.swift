/// The text of the small QR on a transfer slip ("mini QR"): only a key to the transfer, with neither amount nor payee.
package enum Slip: Sendable, Hashable {
    /// A bank's slip, which a bank can be asked about.
    case bank(BankSlip)
    /// TrueMoney's own form, which no bank knows.
    case trueMoney(eventType: String, transaction: String, date: String)

    /// Reads the text; white space of a scanner at its end is dropped.
    ///
    /// Some apps drop leading zeros of the checksum, so a short one is padded and then has to fit like any other.
    ///
    /// - Throws: `SlipError`.
    package init(text: String) throws(SlipError) {
        var scalars = Array(text.unicodeScalars)
        while let last = scalars.last, last == " " || last == "\r" || last == "\n" { scalars.removeLast() }
        guard scalars.count <= Slip.lengthMax, scalars.allSatisfy({ (0x20...0x7E).contains($0.value) }) else { throw .malformed }
        let bytes = scalars.map { UInt8($0.value) }
        guard let covered = Slip.covered(bytes) else { throw .checksumMissing }
        let isLowerCase = try Slip.checkSum(bytes, covered: covered)
        let fields: [EMVField]
        let template: [EMVField]
        do throws(PromptPayError) {
            fields = try EMVField.fields(in: String(decoding: bytes[..<(covered - 4)], as: UTF8.self))
            guard let first = fields.first, first.id == "00" else { throw .firstFieldWrong }
            template = try EMVField.fields(in: first.value)
        } catch {
            throw .malformed
        }
        let rest = Array(fields.dropFirst())
        if let bank = BankSlip(template), rest == [EMVField("51", "TH")], !isLowerCase {
            self = .bank(bank)
        } else if let trueMoney = Slip.ofTrueMoney(template), rest.isEmpty {
            self = trueMoney
        } else {
            throw .notASlip
        }
    }

    private static let lengthMax = 200
    private static let checksumHead = Array("9104".utf8)

    /// How many bytes the checksum covers, its own id and length included; nil when there is none.
    private static func covered(_ bytes: [UInt8]) -> Int? {
        for digits in [4, 3, 2, 1] {
            let end = bytes.count - digits
            guard end >= 8, bytes[..<end].suffix(4).elementsEqual(checksumHead) else { continue }
            return end
        }
        return nil
    }

    /// Tells whether the checksum is written in lower case.
    private static func checkSum(_ bytes: [UInt8], covered: Int) throws(SlipError) -> Bool {
        let written = String(decoding: bytes[covered...], as: UTF8.self)
        let sum = String(repeating: "0", count: 4 - written.utf8.count) + written
        let expected = CRC16.hexadecimal(Array(bytes[..<covered]))
        if sum == expected { return false }
        guard sum == expected.lowercased() else { throw .checksumWrong }
        return true
    }

    private static func ofTrueMoney(_ template: [EMVField]) -> Slip? {
        guard template.map(\.id) == ["00", "01", "02", "03", "04"], template[0].value == "01", template[1].value == "01",
            template[4].value.utf8.count == 8, template[4].value.utf8.allSatisfy(isDigit)
        else { return nil }
        return .trueMoney(eventType: template[2].value, transaction: template[3].value, date: template[4].value)
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

/// What a bank's slip names: one transfer, once and for all.
package struct BankSlip: Sendable, Hashable {
    /// Three digits.
    package let sendingBank: String
    /// The sending bank's name for the transfer, 1 to 25 letters and digits.
    package let transactionReference: String

    /// Reads the template of a slip; nil when it is none.
    init?(_ template: [EMVField]) {
        guard template.map(\.id) == ["00", "01", "02"], template[0].value == "000001" else { return nil }
        let bank = template[1].value
        let reference = template[2].value
        guard bank.utf8.count == 3, bank.utf8.allSatisfy(Slip.isDigit), (1...25).contains(reference.utf8.count),
            reference.utf8.allSatisfy({ Slip.isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) })
        else { return nil }
        sendingBank = bank
        transactionReference = reference
    }
}

/// Why a text is no slip.
package enum SlipError: String, Error, Sendable, CaseIterable {
    case malformed
    case checksumMissing = "checksum_missing"
    case checksumWrong = "checksum_wrong"
    case notASlip = "not_a_slip"
}
