/// Where the money of a withdrawal goes, written as `<kind>:<address>`.
package enum WithdrawalDestination: Sendable, Hashable, CustomStringConvertible {
    /// An account at PayPal, by the e-mail address of its holder.
    case payPal(email: String)

    /// developer.paypal.com/docs/api/payments.payouts-batch: a receiver has at most 127 characters.
    private static let emailBytesMax = 127
    private static let kindOfPayPal = "paypal"

    /// Reads a destination.
    ///
    /// - Throws: `WithdrawalRefusal.destinationNotSupported` for a kind that nobody here can pay, `.invalidDestination` for a bad address.
    package init(_ text: String) throws(WithdrawalRefusal) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw .invalidDestination }
        guard parts[0] == WithdrawalDestination.kindOfPayPal else { throw .destinationNotSupported }
        guard WithdrawalDestination.isEmail(parts[1]) else { throw .invalidDestination }
        self = .payPal(email: String(parts[1]))
    }

    /// Who carries it out.
    package var provider: ProviderName {
        switch self {
        case .payPal: .payPal
        }
    }

    package var description: String {
        switch self {
        case .payPal(let email): "\(WithdrawalDestination.kindOfPayPal):\(email)"
        }
    }

    /// Whether a text can be an address: visible ASCII around one `@`, with a dot behind it.
    ///
    /// PayPal judges the rest.
    private static func isEmail(_ text: Substring) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, text.utf8.count <= emailBytesMax else { return false }
        let labels = parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.count >= 2 && labels.allSatisfy { !$0.isEmpty } && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
