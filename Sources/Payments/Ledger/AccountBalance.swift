/// What stands on the two sides of an account, in minor units of its asset.
package struct AccountBalance: Sendable, Hashable {
    /// Sum of all posted debits.
    @SignedTwoWords package var debitsPosted: Int128
    /// Sum of all posted credits.
    @SignedTwoWords package var creditsPosted: Int128
    /// Debits that are reserved and may still be released.
    @SignedTwoWords package var debitsPending: Int128
    /// Credits that are announced and may still be released.
    @SignedTwoWords package var creditsPending: Int128

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

    /// What is reserved to leave the account: pending credits of debit-normal classes, pending debits of the others.
    package func held(of kind: AccountClass) -> Int128 {
        kind.isDebitNormal ? creditsPending : debitsPending
    }

    /// What is announced to come: pending debits of debit-normal classes, pending credits of the others.
    package func incoming(of kind: AccountClass) -> Int128 {
        kind.isDebitNormal ? debitsPending : creditsPending
    }

    /// What may still be used: posted less held; nothing that is only announced counts.
    package func available(of kind: AccountClass) -> Int128 {
        posted(of: kind) - held(of: kind)
    }

    /// Whether the balance is allowed under `rule`; what is pending counts against the limited side only.
    package func satisfies(_ rule: BalanceRule) -> Bool {
        switch rule {
        case .unrestricted: true
        case .debitsMustNotExceedCredits: debitsPosted + debitsPending <= creditsPosted
        case .creditsMustNotExceedDebits: creditsPosted + creditsPending <= debitsPosted
        }
    }

    /// The balance after `change`; nil when a counter would pass what the database can hold.
    package func changed(by change: BalanceChange) -> AccountBalance? {
        let sums = [
            (debitsPosted, change.debitsPosted), (creditsPosted, change.creditsPosted), (debitsPending, change.debitsPending),
            (creditsPending, change.creditsPending),
        ].map { $0.addingReportingOverflow($1) }
        guard sums.allSatisfy({ !$0.overflow && $0.partialValue <= AccountBalance.counterLimit }) else { return nil }
        return AccountBalance(
            debitsPosted: sums[0].partialValue,
            creditsPosted: sums[1].partialValue,
            debitsPending: sums[2].partialValue,
            creditsPending: sums[3].partialValue
        )
    }

    /// The largest count of a side: 38 decimal digits, what the database column holds.
    package static let counterLimit: Int128 = 99_999_999_999_999_999_999_999_999_999_999_999_999
}
