/// What stands on the two sides of an account, in minor units of its asset.
package struct AccountBalance: Sendable, Hashable {
    /// Sum of all posted debits.
    package var debitsPosted: Int128
    /// Sum of all posted credits.
    package var creditsPosted: Int128
    /// Debits that are reserved and may still be released.
    package var debitsPending: Int128
    /// Credits that are announced and may still be released.
    package var creditsPending: Int128

    /// Makes a balance; an account begins with nothing on either side.
    package init(debitsPosted: Int128 = 0, creditsPosted: Int128 = 0, debitsPending: Int128 = 0, creditsPending: Int128 = 0) {
        self.debitsPosted = debitsPosted
        self.creditsPosted = creditsPosted
        self.debitsPending = debitsPending
        self.creditsPending = creditsPending
    }

    /// Debits less credits for debit-normal classes, credits less debits for the others.
    package func posted(of kind: AccountClass) -> Int128 {
        kind.isDebitNormal ? debitsPosted - creditsPosted : creditsPosted - debitsPosted
    }

    /// Whether the balance is allowed under `rule`; what is pending counts against the limited side only.
    package func satisfies(_ rule: BalanceRule) -> Bool {
        switch rule {
        case .unrestricted: true
        case .debitsMustNotExceedCredits: debitsPosted + debitsPending <= creditsPosted
        case .creditsMustNotExceedDebits: creditsPosted + creditsPending <= debitsPosted
        }
    }
}
