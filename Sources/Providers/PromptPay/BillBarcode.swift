package import Payments

/// The Bank of Thailand's barcode of a bill: `|biller`, reference 1, reference 2 and the amount in satang, separated by carriage returns.
///
/// An amount of `0` leaves it to the payer; there is no checksum.
package struct BillBarcode: Sendable, Hashable {
    package let billerID: String
    package let reference1: String
    package let reference2: String?
    /// Nil where the payer chooses.
    package let amount: Amount?

    private static let separator: Unicode.Scalar = "\r"

    /// Describes a bill by the rules of tag 30.
    ///
    /// - Throws: `PromptPayError`.
    package init(billerID: String, reference1: String, reference2: String?, amount: PromptPayAmount?) throws(PromptPayError) {
        let target = try PromptPayTarget.biller(billerID, reference1: reference1, reference2: reference2)
        guard case .biller(let id, _, _) = target else { throw .billerLength }
        self.billerID = id
        self.reference1 = reference1
        self.reference2 = reference2
        self.amount = amount?.amount
    }

    /// Reads a barcode's text.
    ///
    /// - Throws: `PromptPayError`.
    package init(text: String) throws(PromptPayError) {
        let scalars = text.unicodeScalars
        guard scalars.first == "|" else { throw .firstFieldWrong }
        let parts = scalars.dropFirst().split(separator: BillBarcode.separator, omittingEmptySubsequences: false).map { String($0) }
        guard parts.count == 4 else { throw .malformedField }
        let digits = parts[3].utf8
        guard (1...12).contains(digits.count), digits.allSatisfy(Slip.isDigit), let satang = Int64(parts[3]),
            satang == 0 || digits.first != UInt8(ascii: "0"), satang != 0 || digits.count == 1
        else { throw .amountSyntax }
        try self.init(
            billerID: parts[0],
            reference1: parts[1],
            reference2: parts[2].isEmpty ? nil : parts[2],
            amount: satang == 0 ? nil : PromptPayAmount(Amount(minorUnits: Int128(satang), asset: .thb))
        )
    }

    /// The barcode's text.
    package var text: String {
        let satang = amount.map { String($0.minorUnits) } ?? "0"
        return "|" + [billerID, reference1, reference2 ?? "", satang].joined(separator: "\r")
    }
}
