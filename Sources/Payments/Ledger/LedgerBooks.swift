/// What the books hold of that which a posting concerns.
package struct LedgerBooks: Sendable {
    /// The balances of the accounts with a rule; an account that is missing has nothing on either side.
    package var balances: [AccountName: AccountBalance]
    /// The accounts that take nothing.
    package var closed: Set<AccountName>
    /// The accounts as they are in the books; one that is missing is new.
    package var accounts: [AccountName: LedgerAccount]
    /// The digests of the entries that are booked already, by cause.
    package var digests: [EntryCause: [UInt8]]
    /// The pending entries that resolutions name, resolved or not.
    package var pending: [EntryCause: PendingEntry]

    /// Makes books; empty ones when nothing is given.
    package init(
        balances: [AccountName: AccountBalance] = [:],
        closed: Set<AccountName> = [],
        accounts: [AccountName: LedgerAccount] = [:],
        digests: [EntryCause: [UInt8]] = [:],
        pending: [EntryCause: PendingEntry] = [:]
    ) {
        self.balances = balances
        self.closed = closed
        self.accounts = accounts
        self.digests = digests
        self.pending = pending
    }

    /// Only what concerns some requests.
    func part(concerning requests: ArraySlice<PostingRequest>) -> LedgerBooks {
        var part = LedgerBooks(closed: closed)
        for request in requests {
            part.digests[request.cause] = digests[request.cause]
            switch request.content {
            case .entry(let entry): part.take(entry.transfers, from: self)
            case .resolution(let resolution):
                part.pending[resolution.pending] = pending[resolution.pending]
                part.take(pending[resolution.pending]?.transfers ?? [], from: self)
            }
        }
        return part
    }

    private mutating func take(_ transfers: [Transfer], from other: LedgerBooks) {
        for name in transfers.flatMap({ [$0.debit.name, $0.credit.name] }) {
            accounts[name] = other.accounts[name]
            balances[name] = other.balances[name]
        }
    }

    /// Why accounts cannot take transfers, whatever stands on them.
    func refusal(of transfers: [Transfer]) -> PostingResult? {
        if !closed.isEmpty, transfers.contains(where: { closed.contains($0.debit.name) || closed.contains($0.credit.name) }) {
            return .accountClosed
        }
        for transfer in transfers {
            if let mismatch = mismatch(of: transfer.debit) ?? mismatch(of: transfer.credit) { return mismatch }
        }
        return nil
    }

    private func mismatch(of account: LedgerAccount) -> PostingResult? {
        guard let known = accounts[account.name], known != account else { return nil }
        return known.asset == account.asset ? .accountMismatch : .assetMismatch
    }

    /// The balances of accounts after an entry; nil when a counter would overflow.
    func balances(
        of accounts: [LedgerAccount],
        after entry: BookedEntry,
        ending ended: [Transfer]
    ) -> [AccountName: AccountBalance]? {
        var changes: [AccountName: BalanceChange] = [:]
        BalanceChange.add(entry, ending: ended, to: &changes)
        var result: [AccountName: AccountBalance] = [:]
        for account in accounts {
            let balance = balances[account.name] ?? AccountBalance()
            guard let changed = balance.changed(by: changes[account.name] ?? BalanceChange()) else { return nil }
            result[account.name] = changed
        }
        return result
    }
}
