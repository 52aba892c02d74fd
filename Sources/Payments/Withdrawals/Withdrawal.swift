/// Money that leaves a customer's wallet for an account of the customer's elsewhere, and how far it is.
package struct Withdrawal: Sendable, Hashable {
    package let id: WithdrawalID
    /// Whose money it is.
    package let customerID: String
    /// What the customer gets; positive.
    package let amount: Amount
    package let destination: WithdrawalDestination
    /// The key of whoever asked for it.
    package let requestedBy: APIKeyID
    /// Up to this much nobody else has to approve; zero when everything needs a second person.
    package let approvalLimit: Amount
    package let createdAt: Timestamp
    /// The customer's wallet, from which the money comes and to which it returns.
    let wallet: LedgerAccount
    package var status = WithdrawalStatus.requiresApproval
    /// What was decided about it; nil while it waits for a second person.
    package var decision: WithdrawalDecision?
    /// The provider's name for what carries it out; nil until it was sent.
    package var providerReference: String?
    /// What the provider kept for it, beside the amount; nil for nothing.
    package var fee: Amount?
    /// Why it came to nothing, while the status says so.
    package var failure: ChargeFailure?
    package var updatedAt: Timestamp
    /// Grows by one with each change; begins at 1.
    package var version: Int64 = 1

    /// A withdrawal that is asked for; nil when the customer's id cannot have a wallet.
    package init?(
        id: WithdrawalID,
        customerID: String,
        amount: Amount,
        destination: WithdrawalDestination,
        requestedBy: APIKeyID,
        approvalLimit: Amount,
        createdAt: Timestamp
    ) {
        guard let wallet = ChartOfAccounts.wallet(customer: customerID, amount.asset) else { return nil }
        self.id = id
        self.customerID = customerID
        self.amount = amount
        self.destination = destination
        self.requestedBy = requestedBy
        self.approvalLimit = approvalLimit
        self.createdAt = createdAt
        self.wallet = wallet
        updatedAt = createdAt
    }

    /// Who carries it out.
    package var provider: ProviderName { destination.provider }

    /// Whether somebody else than the requester has to decide.
    package var needsApproval: Bool { amount.minorUnits > approvalLimit.minorUnits }
}

/// What was decided about a withdrawal.
package struct WithdrawalDecision: Sendable, Hashable {
    package let isApproved: Bool
    /// The key of whoever decided, never the requester's; nil where the amount is within the limit.
    package let decidedBy: APIKeyID?
    package let decidedAt: Timestamp
    /// What they wrote about it, if anything; at most 500 bytes.
    package let reason: String?

    /// Describes a decision.
    package init(isApproved: Bool, decidedBy: APIKeyID?, decidedAt: Timestamp, reason: String?) {
        self.isApproved = isApproved
        self.decidedBy = decidedBy
        self.decidedAt = decidedAt
        self.reason = reason
    }
}

/// How far a withdrawal is, in the words of our interface.
package enum WithdrawalStatus: String, Sendable, Hashable, CaseIterable {
    /// The money is held, and a second person has to decide.
    case requiresApproval = "requires_approval"
    /// The money is held, and the provider is about to get the order to pay.
    case approved
    /// The provider has the order; the receiver may not have the money yet.
    case inTransit = "in_transit"
    /// The receiver has the money; it may still come back.
    case paid
    /// It came to nothing, or came back; the customer has the money again.
    case failed
    /// A second person said no; the customer has the money again.
    case rejected
}
