import Payments
import StrictJSON

/// Stripe's errors in our words.
enum StripeFailure {
    private static let messages: [String: (message: String, isRetryable: Bool)] = [
        "insufficient_funds": ("The card has insufficient funds.", true),
        "expired_card": ("The card has expired.", false),
        "incorrect_cvc": ("The card's security code is incorrect.", true),
        "incorrect_number": ("The card number is incorrect.", true),
        "processing_error": ("The card could not be processed; try again.", true),
        "authentication_required": ("The bank asks for authentication.", true),
        "payment_intent_authentication_failure": ("The bank's authentication failed.", true),
        "payment_intent_payment_attempt_expired": ("The payment was not completed in time.", true),
        "try_again_later": ("The bank asks to try again later.", true),
    ]

    /// Reads an error object; what is not in the table is a plain decline.
    ///
    /// The payer must not learn that a card is reported lost, stolen or fraudulent (docs.stripe.com/declines/codes), so those have the
    /// general sentence too; the provider's code is for us.
    static func failure(_ error: JSONValue?) -> ChargeFailure {
        let codes = [error?["decline_code"]?.string, error?["code"]?.string].compactMap { $0 }
        let providerCode = codes.first
        for code in codes {
            guard let known = messages[code] else { continue }
            return ChargeFailure(code: code, message: known.message, providerCode: providerCode, isRetryable: known.isRetryable)
        }
        return ChargeFailure(
            code: "card_declined",
            message: "The card was declined.",
            providerCode: providerCode,
            isRetryable: providerCode == "generic_decline" || providerCode == "do_not_honor"
        )
    }

    /// A refund that Stripe will not make.
    static func refundRefused(_ error: JSONValue?) -> ChargeFailure {
        let code = error?["code"]?.string ?? error?["type"]?.string
        return ChargeFailure(
            code: "refund_refused",
            message: "The provider refused the refund.",
            providerCode: code,
            isRetryable: code == nil || code == "balance_insufficient" || code == "charge_disputed"
        )
    }

    /// A request that Stripe will never take, whatever the card.
    static func refused(_ error: JSONValue?) -> ChargeFailure {
        ChargeFailure(
            code: "provider_refused",
            message: "The payment could not be started.",
            providerCode: error?["code"]?.string ?? error?["type"]?.string,
            isRetryable: false
        )
    }
}
