import Gateway
import HTTPTypes

/// Every reason for which a request is refused, by its stable code; documented in `contracts/problems.md`.
enum ProblemCode: String, Sendable, CaseIterable {
    case malformedJSON = "malformed_json"
    case invalidRequest = "invalid_request"
    case cardNumberRefused = "card_number_refused"
    case idempotencyKeyMissing = "idempotency_key_missing"
    case idempotencyKeyInvalid = "idempotency_key_invalid"
    case hostMissing = "host_missing"
    case webhookRefused = "webhook_refused"
    case unauthorized
    case scopeMissing = "scope_missing"
    case notFound = "not_found"
    case routeNotFound = "route_not_found"
    case methodNotAllowed = "method_not_allowed"
    case requestTimeout = "request_timeout"
    case idempotencyKeyInProgress = "idempotency_key_in_progress"
    case bodyTooLarge = "body_too_large"
    case unsupportedMediaType = "unsupported_media_type"
    case invalidAmount = "invalid_amount"
    case unknownCurrency = "unknown_currency"
    case unknownMethod = "unknown_method"
    case idempotencyKeyReused = "idempotency_key_reused"
    case methodUnavailable = "method_unavailable"
    case currencyNotSupported = "currency_not_supported"
    case amountTooSmall = "amount_too_small"
    case amountTooLarge = "amount_too_large"
    case captureNotSupported = "capture_not_supported"
    case cardTokenMissing = "card_token_missing"
    case cardTokenNotAllowed = "card_token_not_allowed"
    case coinMissing = "asset_missing"
    case coinNotAllowed = "asset_not_allowed"
    case expiryTooLong = "expiry_too_long"
    case chargeNotCapturable = "charge_not_capturable"
    case chargeNotCancelable = "charge_not_cancelable"
    case chargeNotRefundable = "charge_not_refundable"
    case operationInProgress = "operation_in_progress"
    case providerRefused = "provider_refused"
    case captureAmountTooLarge = "capture_amount_too_large"
    case refundAmountTooLarge = "refund_amount_too_large"
    case partialCaptureNotSupported = "partial_capture_not_supported"
    case cancelNotSupported = "cancel_not_supported"
    case refundNotSupported = "refund_not_supported"
    case partialRefundNotSupported = "partial_refund_not_supported"
    case secondPersonRequired = "second_person_required"
    case alreadyDecided = "already_decided"
    case accountClassMissing = "account_class_missing"
    case sameAccount = "same_account"
    case accountClosed = "account_closed"
    case assetMismatch = "asset_mismatch"
    case accountMismatch = "account_mismatch"
    case wouldExceedBalance = "would_exceed_balance"
    case overflow
    case batchReused = "batch_reused"
    case withdrawalNotCancelable = "withdrawal_not_cancelable"
    case invalidDestination = "invalid_destination"
    case destinationNotSupported = "destination_not_supported"
    case slipUnreadable = "slip_unreadable"
    case slipsNotSupported = "slips_not_supported"
    case slipUnknown = "slip_unknown"
    case slipReceiverMismatch = "slip_receiver_mismatch"
    case slipOtherCharge = "slip_other_charge"
    case slipAmountMismatch = "slip_amount_mismatch"
    case slipTooEarly = "slip_too_early"
    case slipAlreadyUsed = "slip_already_used"
    case rateLimited = "rate_limited"
    case internalError = "internal_error"
    case unavailable

    /// The status and the title that belong to the code.
    var answer: (status: HTTPResponse.Status, title: String) {
        switch self {
        case .malformedJSON: (.badRequest, "The body is not strict JSON.")
        case .invalidRequest: (.badRequest, "A member of the request is missing, unknown or of the wrong form.")
        case .cardNumberRefused: (.badRequest, "Card numbers are not accepted here; send a provider's token.")
        case .idempotencyKeyMissing: (.badRequest, "The Idempotency-Key header is required.")
        case .idempotencyKeyInvalid: (.badRequest, "The Idempotency-Key header is not 1 to 255 visible ASCII characters.")
        case .hostMissing: (.badRequest, "The Host header is required.")
        case .webhookRefused: (.badRequest, "The webhook was refused.")
        case .unauthorized: (.unauthorized, "A valid API key is required.")
        case .scopeMissing: (.forbidden, "The API key does not have the scope.")
        case .secondPersonRequired: (.forbidden, "Another API key than the requester's must decide.")
        case .notFound: (.notFound, "There is no such object.")
        case .routeNotFound: (.notFound, "There is no such address.")
        case .methodNotAllowed: (.methodNotAllowed, "The address does not take this method.")
        case .requestTimeout: (.requestTimeout, "The request did not arrive in time.")
        case .idempotencyKeyInProgress: (.conflict, "The first request with this Idempotency-Key has not ended.")
        case .alreadyDecided: (.conflict, "It was decided before.")
        case .chargeNotCapturable: (.conflict, "The charge holds nothing that could be captured.")
        case .chargeNotCancelable: (.conflict, "The charge is paid, or closed already.")
        case .chargeNotRefundable: (.conflict, "The charge has nothing left to give back.")
        case .operationInProgress: (.conflict, "Another capture or cancellation of the charge has not ended.")
        case .providerRefused: (.conflict, ProblemDocument.Kind.providerRefused.title)
        case .withdrawalNotCancelable: (.conflict, "The withdrawal is not on its way.")
        case .slipAlreadyUsed: (.conflict, "The slip has paid another charge.")
        case .bodyTooLarge: (.contentTooLarge, "The body is too large.")
        case .unsupportedMediaType: (.unsupportedMediaType, "The body must be application/json.")
        case .rateLimited: (.tooManyRequests, "Too many requests.")
        case .internalError: (.internalServerError, "Something went wrong here.")
        case .unavailable: (.serviceUnavailable, "The service cannot do this at the moment.")
        default: (.unprocessableContent, refusalTitle)
        }
    }

    private var refusalTitle: String {
        switch self {
        case .invalidAmount: "The amount is not a positive decimal string the currency can hold."
        case .unknownCurrency: "The currency is not known."
        case .unknownMethod: "The method is not known."
        case .idempotencyKeyReused: "The Idempotency-Key was used for another request."
        case .methodUnavailable: "The method is not set up here."
        case .currencyNotSupported: "The method does not take this currency."
        case .amountTooSmall: "The amount is below the method's minimum."
        case .amountTooLarge: "The amount is above the method's maximum."
        case .captureNotSupported: "The method cannot capture later."
        case .cardTokenMissing: "A card charge needs payment_details.card_token."
        case .cardTokenNotAllowed: "Only a card charge takes payment_details.card_token."
        case .coinMissing: "A crypto charge needs payment_details.asset."
        case .coinNotAllowed: "Only a crypto charge takes payment_details.asset, and a price in coins takes that coin."
        case .expiryTooLong: "The method does not wait that long."
        case .captureAmountTooLarge: "The amount is above what is held."
        case .refundAmountTooLarge: "The amount is above what is left of the charge."
        case .partialCaptureNotSupported: "The method takes all that is held or nothing."
        case .cancelNotSupported: "The method cannot close a charge on request."
        case .refundNotSupported: "The method gives nothing back on request."
        case .partialRefundNotSupported: "The method gives all back or nothing."
        default: bookingTitle
        }
    }

    private var bookingTitle: String {
        switch self {
        case .accountClassMissing: "The account is new, so its class is needed in accounts."
        case .sameAccount: "A transfer debits and credits the same account."
        case .accountClosed: "The account takes no more entries."
        case .assetMismatch: "The account holds another asset."
        case .accountMismatch: "The account is there with another class or rule."
        case .wouldExceedBalance: "The account does not hold enough."
        case .overflow: "The amount or a balance would pass what the books can count."
        case .batchReused: "The batch_id was used with another reason or currency."
        case .invalidDestination: "The destination is not of the form kind:address, or the address is none."
        case .destinationNotSupported: "Nobody here can pay to this kind of destination."
        default: slipTitle
        }
    }

    private var slipTitle: String {
        switch self {
        case .slipUnreadable: "The text is not the QR of a transfer slip."
        case .slipsNotSupported: "Nobody can be asked about this slip."
        case .slipUnknown: "The bank knows no such transfer."
        case .slipReceiverMismatch: "The transfer was made to somebody else."
        case .slipOtherCharge: "The transfer names another charge."
        case .slipAmountMismatch: "The transfer is not of the charge's amount."
        case .slipTooEarly: "The transfer was made before the charge."
        default: "The request was refused."
        }
    }
}
