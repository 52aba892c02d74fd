/// A provider's payment to our bank, and how far it is.
package struct Settlement: Sendable, Hashable {
    package let id: SettlementID
    package let provider: ProviderName
    /// The provider's name for it.
    package let providerReference: String
    /// What is sent to us; negative where the provider takes from our bank what we owe it.
    package let amount: Amount
    package var status: SettlementStatus
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    /// A settlement that is announced.
    package init(id: SettlementID, provider: ProviderName, providerReference: String, amount: Amount, createdAt: Timestamp) {
        self.id = id
        self.provider = provider
        self.providerReference = providerReference
        self.amount = amount
        status = .pending
        self.createdAt = createdAt
        updatedAt = createdAt
    }
}

/// Where a settlement stands.
package enum SettlementStatus: String, Sendable, Hashable, CaseIterable {
    /// Announced; the money is still with the provider.
    case pending
    case inTransit = "in_transit"
    /// The bank should have it; it may still be sent back.
    case paid
    /// The bank sent it back.
    case failed
    case canceled

    /// Whether the money has left the provider.
    package var isOnItsWay: Bool {
        switch self {
        case .inTransit, .paid: true
        case .pending, .failed, .canceled: false
        }
    }
}
