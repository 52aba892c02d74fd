package import Payments

/// A caller's request for a charge, well formed but not yet checked against what the providers offer.
package struct ChargeRequest: Sendable {
    package let orderID: String
    package let orderNumber: String?
    package let customerID: String?
    package let amount: Amount
    package let method: ChargeMethod
    package let capture: CaptureMode
    package let cardToken: String?
    /// What the customer wants to pay a crypto charge with.
    package let coin: Asset?
    package let returnURL: String?
    package let expiresIn: Duration?
    package let metadata: [MetadataItem]

    /// Describes a request.
    package init(
        orderID: String,
        orderNumber: String?,
        customerID: String?,
        amount: Amount,
        method: ChargeMethod,
        capture: CaptureMode,
        cardToken: String?,
        coin: Asset? = nil,
        returnURL: String?,
        expiresIn: Duration?,
        metadata: [MetadataItem]
    ) {
        self.orderID = orderID
        self.orderNumber = orderNumber
        self.customerID = customerID
        self.amount = amount
        self.method = method
        self.capture = capture
        self.cardToken = cardToken
        self.coin = coin
        self.returnURL = returnURL
        self.expiresIn = expiresIn
        self.metadata = metadata
    }
}

/// Why a well-formed request cannot be carried out.
package enum ChargeRefusal: String, Error, Sendable, CaseIterable {
    /// No provider of that method is set up here.
    case methodUnavailable = "method_unavailable"
    /// The method does not take the currency.
    case currencyNotSupported = "currency_not_supported"
    case amountTooSmall = "amount_too_small"
    case amountTooLarge = "amount_too_large"
    /// The method cannot hold money before taking it.
    case captureNotSupported = "capture_not_supported"
    /// A card charge needs `payment_details.card_token`.
    case cardTokenMissing = "card_token_missing"
    /// `payment_details` speaks of another method.
    case cardTokenNotAllowed = "card_token_not_allowed"
    /// A crypto charge needs `payment_details.asset`.
    case coinMissing = "asset_missing"
    /// `payment_details` names an asset for another method, or one that does not go with the currency.
    case coinNotAllowed = "asset_not_allowed"
    /// The wait asked for is longer than the method allows.
    case expiryTooLong = "expiry_too_long"
}
