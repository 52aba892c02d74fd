import Payments
import TestSupport
import Testing

@Suite("PostingPlan")
struct PostingPlanTests {
    private let book = LedgerFixture()

    @Test("a refused entry changes nothing, and its neighbours are posted")
    func neighbours() throws {
        let wallet = try book.wallet("c1")
        var plan = book.plan(LedgerBooks(balances: [wallet.name: AccountBalance(creditsPosted: 100)]))
        let results = plan.post([
            try book.entry("a", wallet, book.payable, 60), try book.entry("b", wallet, book.payable, 60),
            try book.entry("c", wallet, book.payable, 40),
        ])
        #expect(results == [.created, .wouldExceedBalance, .created])
        #expect(plan.books.balances[wallet.name]?.debitsPosted == 100)
        #expect(plan.accepted.map(\.entry.cause.text) == ["a", "c"])
    }

    @Test("money that is credited may be spent by the next entry of the batch")
    func creditThenSpend() throws {
        let wallet = try book.wallet("c1")
        var plan = book.plan()
        let results = plan.post([
            try book.entry("deposit", book.clearing, wallet, 50), try book.entry("spend", wallet, book.payable, 50),
            try book.entry("more", wallet, book.payable, 1),
        ])
        #expect(results == [.created, .created, .wouldExceedBalance])
    }

    @Test("pending debits count against the limit")
    func pendingCounts() throws {
        let wallet = try book.wallet("c1")
        var plan = book.plan(LedgerBooks(balances: [wallet.name: AccountBalance(creditsPosted: 100, debitsPending: 80)]))
        #expect(plan.post([try book.entry("a", wallet, book.payable, 21)]) == [.wouldExceedBalance])
        #expect(plan.post([try book.entry("b", wallet, book.payable, 20)]) == [.created])
    }

    @Test("what is only announced cannot be spent")
    func announced() throws {
        let wallet = try book.wallet("c1")
        var plan = book.plan()
        let results = plan.post([
            try book.pending("announced", book.clearing, wallet, 50), try book.entry("spend", wallet, book.payable, 1),
            book.resolution("arrived", of: "announced", .post), try book.entry("spend now", wallet, book.payable, 50),
        ])
        #expect(results == [.created, .wouldExceedBalance, .created, .created])
    }

    @Test("closed accounts take nothing, and accounts that are otherwise described are told apart")
    func refusedAccounts() throws {
        let known = LedgerAccount(name: book.payable.name, asset: .usd, kind: .liability)
        let other = LedgerAccount(name: book.clearing.name, asset: .thb, kind: .expense)
        var closed = book.plan(LedgerBooks(closed: [book.payable.name]))
        #expect(closed.post([try book.entry("a", book.clearing, book.payable, 1)]) == [.accountClosed])
        var mismatched = book.plan(LedgerBooks(accounts: [known.name: known]))
        #expect(mismatched.post([try book.entry("a", book.clearing, book.payable, 1)]) == [.assetMismatch])
        var misdescribed = book.plan(LedgerBooks(accounts: [other.name: other]))
        #expect(misdescribed.post([try book.entry("a", book.clearing, book.payable, 1)]) == [.accountMismatch])
    }

    @Test("an account that two entries of a batch describe differently takes only the first")
    func describedTwice() throws {
        let imposter = LedgerAccount(name: book.payable.name, asset: .thb, kind: .asset)
        var plan = book.plan()
        let results = plan.post([try book.entry("a", book.clearing, book.payable, 1), try book.entry("b", book.clearing, imposter, 1)])
        #expect(results == [.created, .accountMismatch])
    }

    @Test("an amount of more than thirty digits, and a side that would pass 38, are refused")
    func overflow() throws {
        let wallet = try book.wallet("c1")
        var plan = book.plan(LedgerBooks(balances: [wallet.name: AccountBalance(creditsPosted: AccountBalance.counterLimit)]))
        #expect(plan.post([try book.entry("a", book.clearing, wallet, 1)]) == [.overflow])
        #expect(plan.post([try book.entry("b", book.clearing, book.payable, PostingPlan.amountLimit + 1)]) == [.overflow])
        #expect(plan.post([try book.entry("c", book.clearing, book.payable, PostingPlan.amountLimit)]) == [.created])
    }

    @Test("the same cause with the same content exists, with other content it does not fit")
    func repeated() throws {
        var plan = book.plan()
        let results = plan.post([
            try book.entry("a", book.clearing, book.payable, 1), try book.entry("a", book.clearing, book.payable, 1),
            try book.entry("a", book.clearing, book.payable, 2),
        ])
        #expect(results == [.created, .exists, .existsWithDifferentContent])
    }

    @Test("linked entries are accepted together or not at all")
    func linked() throws {
        let wallet = try book.wallet("c1")
        let good = try book.entry("good", book.clearing, wallet, 10, isLinked: true)
        let alsoGood = try book.entry("also good", wallet, book.payable, 10)
        let tooMuch = try book.entry("too much", wallet, book.payable, 11)
        var plan = book.plan()
        #expect(plan.post([good, tooMuch]) == [.linkedEntryFailed, .wouldExceedBalance])
        #expect(plan.accepted.isEmpty)
        #expect(plan.post([good, alsoGood, try book.entry("next", book.clearing, wallet, 1)]) == [.created, .created, .created])
        #expect(plan.post([good, alsoGood]) == [.exists, .exists])
        #expect(plan.post([good, try book.entry("another", wallet, book.payable, 1)]) == [.exists, .linkedEntryFailed])
    }

    @Test("whatever is posted, reserved, ended and linked, no wallet is overdrawn and every refusal leaves no trace")
    func property() throws {
        var random = SeededRandom.printed("posting plan")
        let accounts = try [book.clearing, book.payable] + (0..<4).map { try book.wallet("c\($0)") }
        var plan = book.plan()
        var outcomes: Set<PostingResult> = []
        var pending: [String] = []
        for step in 0..<5000 {
            let pair = accounts.shuffled(using: &random)
            let amount = Int128.random(in: 1...100, using: &random)
            let request: PostingRequest
            switch Int.random(in: 0..<5, using: &random) {
            case 0:
                pending.append("\(step)")
                request = try book.pending("\(step)", pair[0], pair[1], amount)
            case 1 where !pending.isEmpty:
                let outcome: PendingResolution.Outcome = [.post, .void, .postPart([amount])][step % 3]
                request = book.resolution("\(step)", of: pending[Int.random(in: 0..<pending.count, using: &random)], outcome)
            default:
                request = try book.entry("\(step)", pair[0], pair[1], amount, isLinked: step.isMultiple(of: 7))
            }
            let before = plan.accepted.count
            let result = plan.post([request])[0]
            outcomes.insert(result)
            #expect(plan.accepted.count == before + (result == .created ? 1 : 0))
        }
        #expect(outcomes.isSuperset(of: [.created, .wouldExceedBalance, .pendingAlreadyResolved, .pendingNotFound, .exceedsPendingAmount]))
        try book.check(plan, accounts: accounts)
    }
}
