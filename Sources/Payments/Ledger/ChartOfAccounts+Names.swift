extension ChartOfAccounts {
    /// The account that the chart has under a name; nil for names that the chart does not know.
    ///
    /// Whoever opens an account by hand must not give a name of the chart another class or rule.
    package static func account(named name: AccountName) -> LedgerAccount? {
        let segments = name.text.split(separator: ":").map(String.init)
        guard let asset = segments.last.flatMap(Asset.init(code:)) else { return nil }
        let account: LedgerAccount? =
            switch (segments.first, segments.count) {
            case ("provider", 4):
                segments[2] == "in-transit" ? inTransit(ProviderName(segments[1]), asset) : clearing(ProviderName(segments[1]), asset)
            case ("orders", 3): ordersPayable(asset)
            case ("suspense", 3): suspense(ProviderName(segments[1]), asset)
            case ("disputes", 3): disputes(ProviderName(segments[1]), asset)
            case ("fees", 3): fees(ProviderName(segments[1]), asset)
            case ("customer", 4): segments[2] == "held" ? held(customer: segments[1], asset) : wallet(customer: segments[1], asset)
            case ("payouts", 3): payoutsInTransit(asset)
            case ("winnings", 2): winnings(asset)
            case ("exchange", 2): exchange(asset)
            default: nil
            }
        return account?.name == name ? account : nil
    }
}
