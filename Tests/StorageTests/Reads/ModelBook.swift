import Payments

/// The books as a plain list: what a test expects to read back.
struct ModelBook {
    /// One entry as one account saw it.
    struct Line: Equatable {
        let id: EntryID
        let debits: Int128
        let credits: Int128
        let after: AccountBalance
        let postedAt: Timestamp
    }

    private(set) var lines: [AccountName: [Line]] = [:]
    /// What each commit did to an account, with the time of its writer.
    private var changes: [AccountName: [(time: Timestamp, change: AccountBalance)]] = [:]
    private var pending: [EntryCause: [Transfer]] = [:]

    /// Books what one commit created; on each account it is dated no earlier than what was there.
    mutating func book(_ requests: [PostingRequest], at now: Timestamp) {
        let moves = requests.map { ($0.id, self.moves(of: $0)) }
        let dates = lines.mapValues { max($0.last?.postedAt ?? now, now) }
        for (id, moves) in moves {
            for account in Set(moves.map(\.account)) {
                var balance = lines[account]?.last?.after ?? AccountBalance()
                let mine = moves.filter { $0.account == account }
                var change = AccountBalance()
                for move in mine {
                    change.debitsPosted += move.posted.debit
                    change.creditsPosted += move.posted.credit
                    change.debitsPending += move.pending.debit
                    change.creditsPending += move.pending.credit
                }
                ModelBook.add(change, to: &balance)
                changes[account, default: []].append((now, change))
                let line = Line(
                    id: id,
                    debits: mine.reduce(0) { $0 + $1.shown.debit },
                    credits: mine.reduce(0) { $0 + $1.shown.credit },
                    after: balance,
                    postedAt: dates[account] ?? now
                )
                lines[account, default: []].append(line)
            }
        }
    }

    /// What stood on an account when a moment was over.
    func balance(of account: AccountName, at time: Timestamp) -> AccountBalance {
        lines[account]?.last { $0.postedAt <= time }?.after ?? AccountBalance()
    }

    /// What every commit up to a moment did to an account.
    func sum(of account: AccountName, until time: Timestamp) -> AccountBalance {
        (changes[account] ?? []).filter { $0.time <= time }.reduce(into: AccountBalance()) { ModelBook.add($1.change, to: &$0) }
    }

    private static func add(_ change: AccountBalance, to balance: inout AccountBalance) {
        balance.debitsPosted += change.debitsPosted
        balance.creditsPosted += change.creditsPosted
        balance.debitsPending += change.debitsPending
        balance.creditsPending += change.creditsPending
    }

    private struct Move {
        let account: AccountName
        var posted: (debit: Int128, credit: Int128) = (0, 0)
        var pending: (debit: Int128, credit: Int128) = (0, 0)
        var shown: (debit: Int128, credit: Int128) = (0, 0)
    }

    private mutating func moves(of request: PostingRequest) -> [Move] {
        switch request.content {
        case .entry(let entry):
            guard case .pending = entry.phase else {
                return ModelBook.sides(entry.transfers) { Move(account: $0, posted: $1, shown: $1) }
            }
            pending[entry.cause] = entry.transfers
            return ModelBook.sides(entry.transfers) { Move(account: $0, pending: $1, shown: $1) }
        case .resolution(let resolution):
            let transfers = pending[resolution.pending] ?? []
            let released = ModelBook.sides(transfers) { Move(account: $0, pending: (-$1.0, -$1.1)) }
            switch resolution.outcome {
            case .post: return released + ModelBook.sides(transfers) { Move(account: $0, posted: $1, shown: $1) }
            case .void, .expire: return released + ModelBook.sides(transfers) { Move(account: $0, shown: $1) }
            case .postPart(let parts):
                let moved = zip(transfers, parts).compactMap { transfer, part in
                    try? Transfer(
                        debit: transfer.debit,
                        credit: transfer.credit,
                        amount: Amount(minorUnits: part, asset: transfer.amount.asset)
                    )
                }
                return released + ModelBook.sides(moved) { Move(account: $0, posted: $1, shown: $1) }
            }
        }
    }

    private static func sides(_ transfers: [Transfer], _ make: (AccountName, (Int128, Int128)) -> Move) -> [Move] {
        transfers.flatMap { transfer in
            let amount = transfer.amount.minorUnits
            return [make(transfer.debit.name, (amount, 0)), make(transfer.credit.name, (0, amount))]
        }
    }
}
