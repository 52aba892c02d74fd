import Payments
import Testing

/// A few accounts and short ways to ask for entries.
struct LedgerFixture {
    let payable = ChartOfAccounts.ordersPayable(.thb)
    let clearing = ChartOfAccounts.clearing(.promptPay, .thb)
    static let now = Timestamp(seconds: 1000)

    func wallet(_ customer: String) throws -> LedgerAccount {
        try #require(ChartOfAccounts.wallet(customer: customer, .thb))
    }

    /// A plan that tells entries apart by their description.
    func plan(_ books: LedgerBooks = LedgerBooks(), now: Timestamp = LedgerFixture.now) -> PostingPlan {
        PostingPlan(books: books, now: now) { entry in
            Array("\(entry.kind)\(entry.phase)\(entry.transfers.map { "\($0.debit.name)\($0.credit.name)\($0.amount)" })".utf8)
        }
    }

    func entry(
        _ cause: String,
        _ debit: LedgerAccount,
        _ credit: LedgerAccount,
        _ satang: Int128,
        isLinked: Bool = false,
        phase: JournalEntry.Phase = .posted
    ) throws -> PostingRequest {
        let transfer = try Transfer(debit: debit, credit: credit, amount: Amount(minorUnits: satang, asset: debit.asset))
        let entry = JournalEntry(
            cause: EntryCause(cause),
            kind: .manual,
            phase: phase,
            transfer,
            chargeID: nil,
            occurredAt: Timestamp(seconds: 0)
        )
        return PostingRequest(id(), entry, isLinkedToNext: isLinked)
    }

    func pending(
        _ cause: String,
        _ debit: LedgerAccount,
        _ credit: LedgerAccount,
        _ satang: Int128,
        expiresAt: Timestamp? = nil
    ) throws -> PostingRequest {
        try entry(cause, debit, credit, satang, phase: .pending(expiresAt: expiresAt))
    }

    func resolution(_ cause: String, of pending: String, _ outcome: PendingResolution.Outcome) -> PostingRequest {
        PostingRequest(
            id(),
            PendingResolution(
                cause: EntryCause(cause),
                kind: .manual,
                pending: EntryCause(pending),
                outcome: outcome,
                occurredAt: Timestamp(seconds: 0)
            )
        )
    }

    private func id() -> EntryID {
        var random = SystemRandomNumberGenerator()
        return EntryID(at: LedgerFixture.now, random: &random)
    }

    /// Recomputes the balances of limited accounts from the accepted entries, and looks that no rule is broken.
    func check(_ plan: PostingPlan, accounts: [LedgerAccount]) throws {
        var balances: [AccountName: AccountBalance] = [:]
        var sides: (debits: Int128, credits: Int128) = (0, 0)
        for accepted in plan.accepted {
            BalanceChange.visit(accepted.entry, ending: accepted.ended) { account, counter, minorUnits in
                switch counter {
                case .debitsPosted:
                    balances[account.name, default: AccountBalance()].debitsPosted += minorUnits
                    sides.debits += minorUnits
                case .creditsPosted:
                    balances[account.name, default: AccountBalance()].creditsPosted += minorUnits
                    sides.credits += minorUnits
                case .debitsPending: balances[account.name, default: AccountBalance()].debitsPending += minorUnits
                case .creditsPending: balances[account.name, default: AccountBalance()].creditsPending += minorUnits
                }
            }
        }
        #expect(sides.debits == sides.credits)
        for account in accounts where account.rule != .unrestricted {
            let balance = balances[account.name] ?? AccountBalance()
            #expect(balance.satisfies(account.rule))
            #expect(plan.books.balances[account.name] ?? AccountBalance() == balance)
            #expect(balance.debitsPending >= 0 && balance.creditsPending >= 0)
        }
    }
}
