import Payments
import TestSupport
import Testing

@Suite("The steps of a withdrawal")
struct WithdrawalStepTests {
    private typealias Fixture = WithdrawalFixture

    /// An approved withdrawal, and the books so far.
    private func approved() throws -> (Withdrawal, WithdrawalBook) {
        let book = WithdrawalBook()
        let requested = try #require(try Fixture.withdrawal()).requested()
        #expect(book.book(requested))
        let decided = requested.withdrawal.decided(Fixture.decision())
        #expect(book.book(decided))
        return (decided.withdrawal, book)
    }

    @Test("what is asked for is held until somebody else decides; the requester cannot, and nobody can twice")
    func asking() throws {
        let step = try #require(try Fixture.withdrawal()).requested()
        #expect(step.withdrawal.status == .requiresApproval && step.notifications.isEmpty && step.withdrawal.version == 1)
        let book = WithdrawalBook()
        #expect(book.book(step) && book.held == 50_000 && book.standing.isEmpty)
        #expect(throws: WithdrawalRefusal.secondPersonRequired) { try step.withdrawal.admit(decisionBy: Fixture.requester) }
        try step.withdrawal.admit(decisionBy: Fixture.other)
        let decided = step.withdrawal.decided(Fixture.decision())
        #expect(decided.withdrawal.status == .approved && decided.notifications.map(\.type) == [.withdrawalApproved])
        #expect(book.book(decided) && book.held == 50_000)
        #expect(throws: WithdrawalRefusal.alreadyDecided) { try decided.withdrawal.admit(decisionBy: Fixture.other) }
    }

    @Test("the limit itself needs no second person, a satang more does")
    func limit() throws {
        let within = try #require(try Fixture.withdrawal(limit: 50_000)).requested()
        #expect(within.withdrawal.status == .approved && within.withdrawal.decision?.decidedBy == nil)
        #expect(within.notifications.map(\.type) == [.withdrawalApproved] && within.withdrawal.decision?.isApproved == true)
        #expect(try Fixture.withdrawal(limit: 49_999)?.requested().withdrawal.status == .requiresApproval)
        #expect(try Fixture.withdrawal(customer: "a b") == nil)
    }

    @Test("a rejection gives the money back and says so")
    func rejection() throws {
        let book = WithdrawalBook()
        let step = try #require(try Fixture.withdrawal()).requested()
        let rejected = step.withdrawal.decided(Fixture.decision(false))
        #expect(book.book(step) && book.book(rejected))
        #expect(rejected.withdrawal.status == .rejected && rejected.notifications.map(\.type) == [.withdrawalFailed])
        #expect(book.held == 0 && book.standing.isEmpty)
        for state in [PayoutFact.State.inTransit, .paid, .failed(Fixture.failure)] {
            #expect(rejected.withdrawal.told(Fixture.fact(state), at: Fixture.now) == nil)
        }
    }

    @Test("sent, then paid with its fee: each step moves the money on and is told")
    func paid() throws {
        let (decided, book) = try approved()
        var withdrawal = decided
        let sent = try #require(withdrawal.told(Fixture.fact(.inTransit), at: Fixture.now))
        #expect(book.book(sent) && book.held == 0)
        #expect(book.standing == ["customer:c:wallet:THB": -50_000, "payouts:in-transit:THB": 50_000])
        #expect(sent.notifications.map(\.type) == [.walletDebited] && sent.withdrawal.providerReference == "B1")
        withdrawal = sent.withdrawal
        let paid = try #require(withdrawal.told(Fixture.fact(.paid, fee: 900), at: Fixture.now))
        #expect(book.book(paid) && paid.withdrawal.fee == Fixture.thb(900))
        #expect(
            book.standing == ["customer:c:wallet:THB": -50_000, "provider:paypal:clearing:THB": 50_900, "fees:paypal:THB": -900]
        )
        #expect(paid.notifications.map(\.type) == [.withdrawalPaid])
        #expect(paid.withdrawal.told(Fixture.fact(.paid, fee: 900), at: Fixture.now) == nil)
    }

    @Test("a fee that is known later is booked then")
    func lateFee() throws {
        let (decided, book) = try approved()
        var withdrawal = decided
        for fee: Int128? in [nil, 900, nil] {
            guard let step = withdrawal.told(Fixture.fact(.paid, fee: fee), at: Fixture.now) else { continue }
            #expect(book.book(step))
            withdrawal = step.withdrawal
        }
        #expect(book.standing["fees:paypal:THB"] == -900 && withdrawal.fee == Fixture.thb(900))
    }

    /// Where the money is in the end when the last of these was told.
    private func expected(_ name: String) -> [String: Int128] {
        switch name {
        case "in_transit": ["customer:c:wallet:THB": -50_000, "payouts:in-transit:THB": 50_000]
        case "paid": ["customer:c:wallet:THB": -50_000, "provider:paypal:clearing:THB": 50_900, "fees:paypal:THB": -900]
        default: ["provider:paypal:clearing:THB": 250, "fees:paypal:THB": -250]
        }
    }

    @Test("whatever is told in whatever order, twice or not, the highest of it decides, and no news comes twice")
    func permuted() throws {
        let facts: [(name: String, fact: PayoutFact)] = [
            ("in_transit", Fixture.fact(.inTransit)), ("paid", Fixture.fact(.paid, fee: 900)),
            ("failed", Fixture.fact(.failed(Fixture.failure), fee: 250)), ("in_transit", Fixture.fact(.inTransit)),
            ("paid", Fixture.fact(.paid, fee: 900)),
        ]
        let ranks = ["in_transit", "paid", "failed"]
        var seen: Set<String> = []
        for order in permutations(of: facts) {
            let (decided, book) = try approved()
            var withdrawal = decided
            var told: [OrderCoreNotification] = []
            var highest = 0
            for (name, fact) in order {
                if let step = withdrawal.told(fact, at: Fixture.now) {
                    #expect(book.book(step), "nothing is booked twice")
                    #expect(step.withdrawal.version > withdrawal.version)
                    withdrawal = step.withdrawal
                    told += step.notifications
                }
                highest = max(highest, ranks.firstIndex(of: name) ?? 0)
                seen.insert(ranks[highest])
                #expect(withdrawal.status.rawValue == ranks[highest] && book.standing == expected(ranks[highest]) && book.held == 0)
            }
            #expect(Set(told.map { "\($0.cause) \($0.type)" }).count == told.count)
            #expect(told.last?.type == .withdrawalFailed && withdrawal.failure == Fixture.failure)
        }
        #expect(seen == Set(ranks))
    }

    @Test("money that comes back to a closed wallet goes to suspense, and finance sees it")
    func closedWallet() throws {
        let (decided, book) = try approved()
        var withdrawal = decided
        let paid = try #require(withdrawal.told(Fixture.fact(.paid), at: Fixture.now))
        #expect(book.book(paid))
        withdrawal = paid.withdrawal
        let back = try #require(withdrawal.told(Fixture.fact(.failed(Fixture.failure)), at: Fixture.now, walletIsClosed: true))
        #expect(book.book(back) && book.standing == ["customer:c:wallet:THB": -50_000, "suspense:paypal:THB": 50_000])
        #expect(back.exceptions.map(\.reason) == [.walletClosed] && back.exceptions.first?.amount == Fixture.thb(50_000))
    }

    @Test("the accounts are those of the chart, and payouts in transit cannot be closed")
    func accounts() throws {
        let inTransit = ChartOfAccounts.payoutsInTransit(.thb)
        #expect(ChartOfAccounts.account(named: inTransit.name) == inTransit && !ChartOfAccounts.mayClose(inTransit.name))
    }

    @Test("nothing leaves failed or rejected, and no status has two ways by one fact")
    func table() {
        let table = WithdrawalTransitions.table
        #expect(table.allSatisfy { $0.from != .failed && $0.from != .rejected })
        #expect(Set(table.map { "\($0.from) \($0.fact)" }).count == table.count)
    }
}

@Suite("Destinations of withdrawals")
struct WithdrawalDestinationTests {
    @Test("an account at PayPal by its holder's e-mail address", arguments: ["paypal:a@b.co", "paypal:first.last+tag@mail.example.com"])
    func good(text: String) throws {
        let destination = try WithdrawalDestination(text)
        #expect(destination.description == text && destination.provider == .payPal)
    }

    @Test(
        "what is no address is refused",
        arguments: [
            "", "paypal", "paypal:", "paypal:a", "paypal:@b.co", "paypal:a@", "paypal:a@b", "paypal:a@b..co", "paypal:a@@b.co",
            "paypal:a b@c.co", "paypal:a@b.co\n", "paypal:ก@b.co", "paypal:" + String(repeating: "a", count: 122) + "@b.com",
        ]
    )
    func malformed(text: String) {
        #expect(throws: WithdrawalRefusal.invalidDestination) { try WithdrawalDestination(text) }
    }

    @Test("a kind that nobody here can pay is refused as such", arguments: ["bank:123", "promptpay:0812345678", "PayPal:a@b.co", ":"])
    func unknown(text: String) {
        #expect(throws: WithdrawalRefusal.destinationNotSupported) { try WithdrawalDestination(text) }
    }
}
