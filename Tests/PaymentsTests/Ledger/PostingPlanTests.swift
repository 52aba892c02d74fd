import Payments
import TestSupport
import Testing

@Suite("PostingPlan")
struct PostingPlanTests {
    private let payable = ChartOfAccounts.ordersPayable(.thb)
    private let clearing = ChartOfAccounts.clearing(.promptPay, .thb)

    private func wallet(_ customer: String) throws -> LedgerAccount {
        try #require(ChartOfAccounts.wallet(customer: customer, .thb))
    }

    private func entry(_ cause: String, from debit: LedgerAccount, to credit: LedgerAccount, _ satang: Int128) throws -> JournalEntry {
        let transfer = try Transfer(debit: debit, credit: credit, amount: Amount(minorUnits: satang, asset: .thb))
        return JournalEntry(cause: EntryCause(cause), kind: .manual, transfer, chargeID: nil, occurredAt: Timestamp(seconds: 0))
    }

    @Test("a refused entry changes nothing, and its neighbours are posted")
    func neighbours() throws {
        let wallet = try wallet("c1")
        var plan = PostingPlan(balances: [wallet.name: AccountBalance(creditsPosted: 100)])
        #expect(plan.post(try entry("a", from: wallet, to: payable, 60)) == .created)
        #expect(plan.post(try entry("b", from: wallet, to: payable, 60)) == .wouldExceedBalance)
        #expect(plan.post(try entry("c", from: wallet, to: payable, 40)) == .created)
        #expect(plan.balances[wallet.name]?.debitsPosted == 100)
        #expect(plan.balances[payable.name]?.creditsPosted == 100)
    }

    @Test("money that is credited may be spent by the next entry of the batch")
    func creditThenSpend() throws {
        let wallet = try wallet("c1")
        var plan = PostingPlan(balances: [:])
        #expect(plan.post(try entry("deposit", from: clearing, to: wallet, 50)) == .created)
        #expect(plan.post(try entry("spend", from: wallet, to: payable, 50)) == .created)
        #expect(plan.post(try entry("more", from: wallet, to: payable, 1)) == .wouldExceedBalance)
    }

    @Test("pending debits count against the limit")
    func pending() throws {
        let wallet = try wallet("c1")
        var plan = PostingPlan(balances: [wallet.name: AccountBalance(creditsPosted: 100, debitsPending: 80)])
        #expect(plan.post(try entry("a", from: wallet, to: payable, 21)) == .wouldExceedBalance)
        #expect(plan.post(try entry("b", from: wallet, to: payable, 20)) == .created)
    }

    @Test("closed accounts take nothing")
    func closed() throws {
        var plan = PostingPlan(balances: [:], closed: [payable.name])
        #expect(plan.post(try entry("a", from: clearing, to: payable, 1)) == .accountClosed)
    }

    @Test("a side that would pass 38 digits is refused")
    func overflow() throws {
        var plan = PostingPlan(balances: [clearing.name: AccountBalance(debitsPosted: PostingPlan.sideLimit)])
        #expect(plan.post(try entry("a", from: clearing, to: payable, 1)) == .overflow)
    }

    @Test("whatever is posted, debits equal credits and no wallet is negative")
    func property() throws {
        var random = SeededRandom.printed("posting plan")
        let accounts = try [clearing, payable] + (0..<4).map { try wallet("c\($0)") }
        var plan = PostingPlan(balances: [:])
        var outcomes: Set<PostingResult> = []
        for step in 0..<5000 {
            let debit = try #require(accounts.randomElement(using: &random))
            let credit = try #require(accounts.filter { $0.name != debit.name }.randomElement(using: &random))
            outcomes.insert(plan.post(try entry("\(step)", from: debit, to: credit, Int128.random(in: 1...100, using: &random))))
        }
        #expect(outcomes == [.created, .wouldExceedBalance])
        #expect(plan.balances.values.map(\.debitsPosted).reduce(0, +) == plan.balances.values.map(\.creditsPosted).reduce(0, +))
        for account in accounts where account.rule == .debitsMustNotExceedCredits {
            #expect(plan.balances[account.name]?.posted(of: .liability) ?? 0 >= 0)
        }
    }
}
