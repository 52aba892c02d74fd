/// The accounts that the rules of this package book on.
package enum ChartOfAccounts {
    /// Captured at the provider and not yet paid out to us.
    package static func clearing(_ provider: ProviderName, _ asset: Asset) -> LedgerAccount {
        account(["provider", provider.text, "clearing", asset.code], asset, .asset)
    }

    /// Paid by customers for orders, owed to the order core's books.
    package static func ordersPayable(_ asset: Asset) -> LedgerAccount {
        account(["orders", "payable", asset.code], asset, .liability)
    }

    /// Received through the provider, owner or purpose unknown.
    package static func suspense(_ provider: ProviderName, _ asset: Asset) -> LedgerAccount {
        account(["suspense", provider.text, asset.code], asset, .liability)
    }

    /// Taken by the provider in disputes that nobody has decided.
    package static func disputes(_ provider: ProviderName, _ asset: Asset) -> LedgerAccount {
        account(["disputes", provider.text, asset.code], asset, .asset)
    }

    /// What the provider keeps for its service.
    package static func fees(_ provider: ProviderName, _ asset: Asset) -> LedgerAccount {
        account(["fees", provider.text, asset.code], asset, .expense)
    }

    /// On its way from the provider to our bank.
    package static func inTransit(_ provider: ProviderName, _ asset: Asset) -> LedgerAccount {
        account(["provider", provider.text, "in-transit", asset.code], asset, .asset)
    }

    /// The customer's own money, which may not be negative.
    ///
    /// Nil when the customer id cannot be a segment of an account name.
    package static func wallet(customer: String, _ asset: Asset) -> LedgerAccount? {
        guard AccountName.isSegment(customer.utf8) else { return nil }
        return account(["customer", customer, "wallet", asset.code], asset, .liability, .debitsMustNotExceedCredits)
    }

    /// Set aside from the customer's wallet, for an authorisation or a withdrawal.
    ///
    /// Nil when the customer id cannot be a segment of an account name.
    package static func held(customer: String, _ asset: Asset) -> LedgerAccount? {
        guard AccountName.isSegment(customer.utf8) else { return nil }
        return account(["customer", customer, "held", asset.code], asset, .liability, .debitsMustNotExceedCredits)
    }

    /// Sent to customers and not yet confirmed.
    package static func payoutsInTransit(_ asset: Asset) -> LedgerAccount {
        account(["payouts", "in-transit", asset.code], asset, .liability)
    }

    /// Prizes that were credited to customers.
    package static func winnings(_ asset: Asset) -> LedgerAccount {
        account(["winnings", asset.code], asset, .expense)
    }

    /// One side of conversions between assets; its balance is the open position in the asset.
    package static func exchange(_ asset: Asset) -> LedgerAccount {
        account(["exchange", asset.code], asset, .equity)
    }

    private static func account(
        _ segments: [String],
        _ asset: Asset,
        _ kind: AccountClass,
        _ rule: BalanceRule = .unrestricted
    ) -> LedgerAccount {
        LedgerAccount(name: AccountName(segments: segments), asset: asset, kind: kind, rule: rule)
    }
}
