extension ChartOfAccounts {
    /// Whether an account may be closed: a customer's, or one that the chart does not know.
    ///
    /// On all others the rules of this package book whatever a provider tells, and money that has moved cannot be refused.
    package static func mayClose(_ name: AccountName) -> Bool {
        guard account(named: name) != nil else { return true }
        return name.text.hasPrefix("customer:")
    }
}
