/// Where a dispute stands, in the words of our interface.
package enum DisputeStatus: String, Sendable, Hashable, CaseIterable {
    /// The bank only asks; no money is at stake yet.
    case inquiry
    /// An answer is awaited from us.
    case needsResponse = "needs_response"
    case underReview = "under_review"
    /// Over without a decision on money.
    case closed
    /// Decided for us.
    case won
    /// Decided for the customer.
    case lost

    /// Whether somebody has decided.
    package var isOutcome: Bool {
        switch self {
        case .inquiry, .needsResponse, .underReview: false
        case .closed, .won, .lost: true
        }
    }
}
