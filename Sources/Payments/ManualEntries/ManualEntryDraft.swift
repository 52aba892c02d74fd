/// A manual entry as it is asked for: accounts by their names only.
package struct ManualEntryDraft: Sendable, Hashable {
    package let reason: String
    /// When it happened in the world; nil for now.
    package let occurredAt: Timestamp?
    package let movements: [Movement]
    /// What accounts are that are not there yet.
    package let accounts: [AccountDeclaration]

    /// A transfer between names.
    package struct Movement: Sendable, Hashable {
        package let debit: AccountName
        package let credit: AccountName
        package let amount: Amount

        /// Describes a transfer.
        package init(debit: AccountName, credit: AccountName, amount: Amount) {
            self.debit = debit
            self.credit = credit
            self.amount = amount
        }
    }

    /// What an account is said to be.
    package struct AccountDeclaration: Sendable, Hashable {
        package let name: AccountName
        package let kind: AccountClass
        package let asset: Asset

        /// Describes an account.
        package init(name: AccountName, kind: AccountClass, asset: Asset) {
            self.name = name
            self.kind = kind
            self.asset = asset
        }
    }

    /// Describes what is asked for.
    package init(reason: String, occurredAt: Timestamp?, movements: [Movement], accounts: [AccountDeclaration]) {
        self.reason = reason
        self.occurredAt = occurredAt
        self.movements = movements
        self.accounts = accounts
    }

    /// The names that have to be looked up.
    package var names: Set<AccountName> {
        Set(movements.flatMap { [$0.debit, $0.credit] }).union(accounts.map(\.name))
    }

    /// The transfers, when `existing` accounts are there.
    ///
    /// An account is what the books say, else what the chart of accounts says, else what the caller says; whoever says something else
    /// is refused.
    ///
    /// - Throws: `ManualEntryRefusal`, the first that applies.
    package func transfers(existing: [AccountName: LedgerAccount]) throws(ManualEntryRefusal) -> [Transfer] {
        var accounts = existing
        for declaration in self.accounts {
            let known = accounts[declaration.name] ?? ChartOfAccounts.account(named: declaration.name)
            let account = known ?? LedgerAccount(name: declaration.name, asset: declaration.asset, kind: declaration.kind)
            guard account.kind == declaration.kind, account.asset == declaration.asset else {
                throw ManualEntryRefusal(.accountMismatch, account: declaration.name)
            }
            accounts[declaration.name] = account
        }
        var transfers: [Transfer] = []
        for movement in movements { transfers.append(try transfer(movement, accounts)) }
        return transfers
    }

    private func transfer(
        _ movement: Movement,
        _ accounts: [AccountName: LedgerAccount]
    ) throws(ManualEntryRefusal) -> Transfer {
        let debit = try account(movement.debit, accounts)
        let credit = try account(movement.credit, accounts)
        do {
            return try Transfer(debit: debit, credit: credit, amount: movement.amount)
        } catch {
            switch error {
            case .amountNotPositive: throw ManualEntryRefusal(.invalidAmount)
            case .sameAccount: throw ManualEntryRefusal(.sameAccount, account: debit.name)
            case .assetMismatch:
                let stranger = debit.asset == movement.amount.asset ? credit : debit
                throw ManualEntryRefusal(.assetMismatch, account: stranger.name)
            }
        }
    }

    private func account(
        _ name: AccountName,
        _ accounts: [AccountName: LedgerAccount]
    ) throws(ManualEntryRefusal) -> LedgerAccount {
        guard let account = accounts[name] ?? ChartOfAccounts.account(named: name) else {
            throw ManualEntryRefusal(.accountClassMissing, account: name)
        }
        return account
    }
}
