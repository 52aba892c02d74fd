import Payments

/// PayPal's issues in our words.
enum PayPalFailure {
    /// What an issue asks for when an order is completed.
    enum Meaning: Hashable {
        /// It was done before: the order tells how it stands.
        case look
        /// Somebody does it at this moment.
        case wait
        /// The payer has to choose another way to pay, with the same order.
        case payAgain
        /// The attempt is over.
        case failed
    }

    private static let meanings: [String: Meaning] = [
        "ORDER_ALREADY_CAPTURED": .look, "ORDER_ALREADY_AUTHORIZED": .look, "ORDER_NOT_APPROVED": .look,
        "ORDER_COMPLETION_IN_PROGRESS": .wait, "PREVIOUS_REQUEST_IN_PROGRESS": .wait, "INSTRUMENT_DECLINED": .payAgain,
        "REDIRECT_PAYER_FOR_ALTERNATE_FUNDING": .payAgain, "PAYER_ACTION_REQUIRED": .payAgain,
    ]

    private static let messages: [String: (code: String, message: String, isRetryable: Bool)] = [
        "INSTRUMENT_DECLINED": ("payment_declined", "PayPal declined the means of payment.", true),
        "TRANSACTION_REFUSED": ("payment_declined", "PayPal declined the payment.", true),
        "COMPLIANCE_VIOLATION": ("payment_declined", "PayPal declined the payment.", false),
        "MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED": ("too_many_attempts", "The payment was tried too often.", true),
        "PAYER_ACCOUNT_RESTRICTED": ("payment_declined", "PayPal declined the payment.", false),
        "PAYER_ACCOUNT_LOCKED_OR_CLOSED": ("payment_declined", "PayPal declined the payment.", false),
        "PAYER_CANNOT_PAY": ("payment_declined", "PayPal declined the payment.", true),
        "ORDER_EXPIRED": ("payment_expired", "The payment was not completed in time.", true),
        "RESOURCE_NOT_FOUND": ("payment_expired", "The payment was not completed in time.", true),
        "INVALID_RESOURCE_ID": ("payment_expired", "The payment was not completed in time.", true),
        "CAPTURE_FULLY_REFUNDED": ("refund_refused", "The payment has been given back already.", false),
        "REFUND_AMOUNT_EXCEEDED": ("refund_refused", "More would be given back than was paid.", false),
        "REFUND_NOT_ALLOWED": ("refund_refused", "PayPal does not give this payment back.", false),
        "PARTIAL_REFUND_NOT_ALLOWED": ("refund_refused", "PayPal gives this payment back only as a whole.", false),
        "PENDING_CAPTURE": ("refund_refused", "The payment is not complete yet.", true),
        "REFUND_FAILED_INSUFFICIENT_FUNDS": ("refund_refused", "The balance at PayPal is not enough.", true),
        "REFUND_NOT_PERMITTED_DUE_TO_CHARGEBACK": ("refund_refused", "The payment is under dispute.", false),
        "TRANSACTION_DISPUTED": ("refund_refused", "The payment is under dispute.", false),
        "MAX_NUMBER_OF_REFUNDS_EXCEEDED": ("refund_refused", "The payment has been given back in too many parts.", false),
        "REFUND_TIME_LIMIT_EXCEEDED": ("refund_refused", "The payment is too old to be given back.", false),
        "AUTHORIZATION_EXPIRED": ("capture_refused", "The authorisation has expired.", false),
        "AUTHORIZATION_VOIDED": ("capture_refused", "The authorisation was given up.", false),
        "AUTHORIZATION_DENIED": ("capture_refused", "The authorisation was denied.", false),
        "MAX_CAPTURE_AMOUNT_EXCEEDED": ("capture_refused", "More would be taken than is held.", false),
        "MAX_CAPTURE_COUNT_EXCEEDED": ("capture_refused", "The authorisation was used too often.", false),
        "DECLINED": ("payment_declined", "PayPal declined the payment.", true),
        "FAILED": ("payment_declined", "PayPal could not carry the payment out.", true),
        "DENIED": ("payment_declined", "PayPal declined the payment.", true),
    ]

    /// What an issue of an order's completion means; what is not in the table ends the attempt.
    static func meaning(of issue: String) -> Meaning {
        meanings[issue] ?? .failed
    }

    /// An issue, or the status of a payment that came to nothing, as a failure; what is not in the table is our fault or new.
    static func failure(_ issue: String) -> ChargeFailure {
        let known = messages[issue] ?? ("provider_refused", "The payment could not be carried out.", false)
        return ChargeFailure(code: known.code, message: known.message, providerCode: issue, isRetryable: known.isRetryable)
    }
}
