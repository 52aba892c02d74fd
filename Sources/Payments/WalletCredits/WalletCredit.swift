/// One line of a batch of credits, as it was asked for.
package struct WalletCredit: Sendable, Hashable {
    /// The caller's own name for the credit, unique in its batch.
    package let reference: String
    package let customerID: String
    /// The decimal string of the amount.
    package let amount: String

    /// Describes a credit.
    package init(reference: String, customerID: String, amount: String) {
        self.reference = reference
        self.customerID = customerID
        self.amount = amount
    }
}
