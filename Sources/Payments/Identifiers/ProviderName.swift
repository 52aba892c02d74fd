/// Which payment provider something belongs to.
///
/// The text is used in account names, tables and addresses (`/webhooks/stripe`): lower-case letters only.
package struct ProviderName: Sendable, Hashable, CustomStringConvertible {
    /// The lower-case name.
    package let text: String

    /// Wraps a name that is known to be well formed, such as a literal or a row of the database.
    package init(_ text: String) {
        self.text = text
    }

    package var description: String { text }

    /// Card payments through Stripe.
    package static let stripe = ProviderName("stripe")
    /// Thai QR payments into our bank account.
    package static let promptPay = ProviderName("promptpay")
    /// Accounts at PayPal.
    package static let payPal = ProviderName("paypal")
    /// Coins through a payment processor.
    package static let crypto = ProviderName("crypto")
}
