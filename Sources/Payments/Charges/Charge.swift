/// A request of the order core for money, and everything that became of it.
package struct Charge: Sendable, Hashable {
    package let id: ChargeID
    /// What the order core asked for.
    package let order: ChargeOrder
    /// Which provider carries it out.
    package let provider: ProviderName
    /// The provider's name for it: Stripe's PaymentIntent, our reference 1 on a PromptPay QR; nil until known.
    package var providerReference: String?
    package var status: ChargeStatus
    /// Taken so far.
    package var amountCaptured: Amount
    /// Given back so far.
    package var amountRefunded: Amount
    /// Lost so far in disputes that were decided for the customer.
    package var amountLost: Amount
    /// What the customer has to do, while the status says so.
    package var nextAction: NextAction?
    /// Why it failed, while the status says so.
    package var failure: ChargeFailure?
    /// The provider's name for the movement of money that paid the charge.
    package var paidBy: String?
    /// When the newest fact that tells of the present status happened at the provider; what is older does not count against it.
    package var lastFactAt: Timestamp
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
    /// Grows by one with each change that the order core is told of; begins at 1.
    package var version: Int64

    /// A new charge whose provider has not been asked yet.
    package init(id: ChargeID, order: ChargeOrder, provider: ProviderName, createdAt: Timestamp) {
        self.id = id
        self.order = order
        self.provider = provider
        status = .processing
        amountCaptured = .zero(order.amount.asset)
        amountRefunded = .zero(order.amount.asset)
        amountLost = .zero(order.amount.asset)
        lastFactAt = Timestamp(microseconds: .min)
        self.createdAt = createdAt
        updatedAt = createdAt
        version = 1
    }
}

/// What the order core asked for; it never changes.
package struct ChargeOrder: Sendable, Hashable {
    /// The order core's id of the order.
    package let orderID: String
    /// The number the customer knows, if any.
    package let orderNumber: String?
    /// The order core's id of the customer, if any.
    package let customerID: String?
    /// What shall be taken; positive.
    package let amount: Amount
    package let method: ChargeMethod
    package let capture: CaptureMode
    /// A provider's token for the card; never a card number.
    package let cardToken: String?
    /// What a crypto charge is paid with.
    package let coin: Asset?
    /// Where the customer's browser comes back to.
    package let returnURL: String?
    /// When the charge stops waiting, if it does.
    package let expiresAt: Timestamp?
    /// The order core's own notes, in the order given.
    package let metadata: [MetadataItem]

    /// Describes what is asked for.
    package init(
        orderID: String,
        orderNumber: String? = nil,
        customerID: String? = nil,
        amount: Amount,
        method: ChargeMethod,
        capture: CaptureMode = .automatic,
        cardToken: String? = nil,
        coin: Asset? = nil,
        returnURL: String? = nil,
        expiresAt: Timestamp? = nil,
        metadata: [MetadataItem] = []
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
        self.expiresAt = expiresAt
        self.metadata = metadata
    }
}

/// One note of the order core on a charge.
package struct MetadataItem: Sendable, Hashable {
    package let name: String
    package let value: String

    /// Makes a note.
    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
