/// Decides, entry by entry and in order, what a bulk posting may write.
///
/// The shell reads the balances of the limited accounts under lock, lets this value decide, and writes what it accepted. One refused entry
/// changes nothing for its neighbours, but an accepted one counts for those after it.
package struct PostingPlan: Sendable {
    /// The balances after all accepted entries; holds the accounts that were given and those that the entries touched.
    package private(set) var balances: [AccountName: AccountBalance]
    private let closed: Set<AccountName>

    /// Begins with the current balances; an account that is missing has nothing on either side.
    package init(balances: [AccountName: AccountBalance], closed: Set<AccountName> = []) {
        self.balances = balances
        self.closed = closed
    }

    /// Accepts or refuses one entry.
    package mutating func post(_ entry: JournalEntry) -> PostingResult {
        var touched: [AccountName: AccountBalance] = [:]
        var rules: [AccountName: BalanceRule] = [:]
        for transfer in entry.transfers {
            guard !closed.contains(transfer.debit.name), !closed.contains(transfer.credit.name) else { return .accountClosed }
            var debit = touched[transfer.debit.name] ?? balances[transfer.debit.name] ?? AccountBalance()
            guard let debits = PostingPlan.sum(debit.debitsPosted, transfer.amount.minorUnits) else { return .overflow }
            debit.debitsPosted = debits
            touched[transfer.debit.name] = debit
            var credit = touched[transfer.credit.name] ?? balances[transfer.credit.name] ?? AccountBalance()
            guard let credits = PostingPlan.sum(credit.creditsPosted, transfer.amount.minorUnits) else { return .overflow }
            credit.creditsPosted = credits
            touched[transfer.credit.name] = credit
            rules[transfer.debit.name] = transfer.debit.rule
            rules[transfer.credit.name] = transfer.credit.rule
        }
        for (name, balance) in touched where !balance.satisfies(rules[name] ?? .unrestricted) {
            return .wouldExceedBalance
        }
        balances.merge(touched) { _, new in new }
        return .created
    }

    /// The largest count a side may reach: 38 decimal digits, what the database column holds.
    package static let sideLimit: Int128 = 99_999_999_999_999_999_999_999_999_999_999_999_999

    private static func sum(_ side: Int128, _ amount: Int128) -> Int128? {
        let (total, overflow) = side.addingReportingOverflow(amount)
        return overflow || total > sideLimit ? nil : total
    }
}
