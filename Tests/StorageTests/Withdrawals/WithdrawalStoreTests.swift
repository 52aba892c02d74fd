import Payments
import PostgreSQL
import Storage
import TestSupport
import Testing

@Suite("Withdrawals in PostgreSQL")
struct WithdrawalStoreTests {
    private static let now = Timestamp(seconds: 1_795_460_000)
    private static let requester = APIKeyID(value: 1)
    private static let other = APIKeyID(value: 2)

    private static func withdrawal(_ number: UInt128, limit: Int128 = 0, requestedBy key: APIKeyID = requester) throws -> Withdrawal {
        try #require(
            Withdrawal(
                id: WithdrawalID(value: number),
                customerID: "c",
                amount: Amount(minorUnits: 50_000, asset: .thb),
                destination: try WithdrawalDestination("paypal:winner@example.com"),
                requestedBy: key,
                approvalLimit: Amount(minorUnits: limit, asset: .thb),
                createdAt: now
            )
        )
    }

    private static func decision(_ isApproved: Bool = true, by key: APIKeyID?) -> WithdrawalDecision {
        WithdrawalDecision(isApproved: isApproved, decidedBy: key, decidedAt: now, reason: "seen")
    }

    private static func write(_ commands: [Command], _ pool: ConnectionPool) async throws {
        try await pool.transaction { _ = try await $0.finish(with: commands) }
    }

    private static func sqlState(_ work: () async throws -> Void) async -> String? {
        do {
            try await work()
            return nil
        } catch {
            return (error as? PostgresError)?.sqlState
        }
    }

    /// A withdrawal that another has approved, with its call.
    private static func approved(_ number: UInt128, _ pool: ConnectionPool) async throws -> Withdrawal {
        var withdrawal = try withdrawal(number)
        let decision = decision(by: other)
        let commands = [
            WithdrawalStore.insert(withdrawal), WithdrawalStore.insert(decision, about: withdrawal),
            PayoutCallStore.insert(withdrawal.id, at: now),
        ]
        try await write(commands, pool)
        withdrawal.decision = decision
        return withdrawal
    }

    @Test("what was written is read back, as it was asked for, decided and told")
    func roundTrip() async throws {
        try await TestDatabase.migrated().withPool { pool in
            try await Self.write([WithdrawalStore.insert(try Self.withdrawal(10))], pool)
            var sent = try await Self.approved(11, pool)
            sent.status = .failed
            sent.providerReference = "B1"
            sent.fee = Amount(minorUnits: 25, asset: .usd)
            sent.failure = ChargeFailure(code: "payout_failed", message: "No.", providerCode: "RETURNED", isRetryable: true)
            sent.updatedAt = Self.now.advanced(by: .seconds(5))
            sent.version = 4
            try await Self.write([WithdrawalStore.update(sent)], pool)
            let plain = try Self.withdrawal(10)
            #expect(try WithdrawalStore.decode(try await pool.run(WithdrawalStore.find([plain.id, sent.id]))) == [plain, sent])
            let list = { (status: WithdrawalStatus?, customer: String?, after: WithdrawalID?) in
                try await WithdrawalStore.list(status: status, customer: customer, after: after, limit: 9, on: pool).map(\.id.value)
            }
            #expect(try await list(nil, "c", nil) == [11, 10])
            #expect(try await list(.failed, nil, nil) == [11])
            #expect(try await list(nil, nil, sent.id) == [10])
            #expect(try await list(nil, "d", nil) == [])
        }
    }

    @Test("the database itself refuses a decision by the requester, under a false name, by nobody above the limit, and a second one")
    func twoPeople() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let withdrawal = try Self.withdrawal(10)
            try await Self.write([WithdrawalStore.insert(withdrawal)], pool)
            let attempt = { (decision: WithdrawalDecision, about: Withdrawal) in
                await Self.sqlState { try await Self.write([WithdrawalStore.insert(decision, about: about)], pool) }
            }
            #expect(await attempt(Self.decision(by: Self.requester), withdrawal) == "23514")
            #expect(await attempt(Self.decision(by: nil), withdrawal) == "23514")
            let lie = try Self.withdrawal(10, requestedBy: APIKeyID(value: 3))
            #expect(await attempt(Self.decision(by: Self.requester), lie) == "23503")
            #expect(await attempt(Self.decision(by: nil), try Self.withdrawal(10, limit: 50_000)) == "23503")
            #expect(await attempt(Self.decision(by: Self.other), withdrawal) == nil)
            #expect(await attempt(Self.decision(false, by: Self.other), withdrawal) == "23505")
            let small = try Self.withdrawal(11, limit: 50_000)
            try await Self.write([WithdrawalStore.insert(small)], pool)
            #expect(await attempt(Self.decision(false, by: nil), small) == "23514")
            #expect(await attempt(Self.decision(by: nil), small) == nil)
        }
    }

    @Test("nothing can be sent that nobody has approved, and nothing twice")
    func unapproved() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let withdrawal = try Self.withdrawal(10)
            let call = PayoutCallStore.insert(withdrawal.id, at: Self.now)
            try await Self.write([WithdrawalStore.insert(withdrawal)], pool)
            #expect(await Self.sqlState { try await Self.write([call], pool) } == "23503")
            try await Self.write([WithdrawalStore.insert(Self.decision(false, by: Self.other), about: withdrawal)], pool)
            #expect(await Self.sqlState { try await Self.write([call], pool) } == "23503")
            let approved = try await Self.approved(11, pool)
            let again = PayoutCallStore.insert(approved.id, at: Self.now)
            #expect(await Self.sqlState { try await Self.write([again], pool) } == "23505")
        }
    }

    @Test("nobody changes what was asked for or decided, nor removes it")
    func writtenOnce() async throws {
        let database = try await TestDatabase.migrated()
        let verbs = ["withdrawals", "withdrawal_decisions"].flatMap { ["DELETE FROM \($0)", "TRUNCATE \($0) CASCADE"] }
        let columns = ["customer_id", "amount", "asset", "destination", "provider", "requested_by", "approval_limit", "needs_approval"]
        let updates = columns.map { "UPDATE withdrawals SET \($0) = \($0)" } + ["UPDATE withdrawal_decisions SET decided_by = decided_by"]
        for (setup, state) in [(StorageSession.setup, "42501"), ([], "23000")] {
            try await database.withPool(setup: setup) { pool in
                for verb in verbs + updates {
                    #expect(await Self.sqlState { _ = try await pool.withSession { try await $0.executeScript(verb) } } == state, "\(verb)")
                }
            }
        }
    }

    private static func due(_ pool: ConnectionPool, at time: Timestamp, passingOver: [ProviderName] = []) async throws -> [PayoutCall] {
        let token = UInt128.random(in: 1...UInt128.max)
        let claim = Claim(token: token, holder: GatewayID(value: 1), until: time.advanced(by: .seconds(75)))
        let command = PayoutCallStore.claimDue(now: time, claim: claim, limit: 9, passingOver: passingOver)
        return try PayoutCallStore.decode(try await pool.run(command), claim: claim)
    }

    @Test("a call is claimed by one, doubts for an hour what an earlier attempt did, and gives way to a newer look")
    func calls() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let id = try await Self.approved(10, pool).id
            #expect(try await Self.due(pool, at: Self.now, passingOver: [.payPal]).isEmpty)
            let first = try #require(try await Self.due(pool, at: Self.now).first)
            #expect(first.withdrawalID == id && first.attempts == 1 && first.doubtUntil == nil && !first.isDoubtful(at: Self.now))
            #expect(try await Self.due(pool, at: Self.now).isEmpty)
            let put = { (call: PayoutCall, didNothing: Bool) in
                PayoutCallStore.reschedule(call, nextAttemptAt: Self.now, lastError: "x", didNothing: didNothing, at: Self.now)
            }
            #expect(try await pool.run(put(first, true)).affectedRows == 1)
            let second = try #require(try await Self.due(pool, at: Self.now).first)
            #expect(second.attempts == 2 && second.doubtUntil == nil)
            #expect(try await pool.run(put(first, true)).affectedRows == 0)
            #expect(try await pool.run(put(second, false)).affectedRows == 1)
            let third = try #require(try await Self.due(pool, at: Self.now).first)
            let end = Self.now.advanced(by: .seconds(75 + 3600))
            #expect(third.doubtUntil == end && third.isDoubtful(at: end.advanced(by: .seconds(-1))) && !third.isDoubtful(at: end))
            #expect(try await pool.run(PayoutCallStore.requestFetch([id, WithdrawalID(value: 99)], at: Self.now)).affectedRows == 1)
            #expect(try await pool.run(PayoutCallStore.finish(third, at: Self.now)).affectedRows == 0)
            let fourth = try #require(try await Self.due(pool, at: Self.now).first)
            #expect(fourth.attempts == 1 && fourth.isDoubtful(at: Self.now))
            #expect(try await pool.run(PayoutCallStore.finish(fourth, at: Self.now)).affectedRows == 1)
            #expect(try await Self.due(pool, at: Self.now.advanced(by: .seconds(1000))).isEmpty)
            _ = try await pool.run(PayoutCallStore.requestFetch([id], at: Self.now))
            #expect(try await Self.due(pool, at: Self.now).count == 1)
        }
    }

    @Test("money is asked to be taken back until the provider has answered")
    func takingBack() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let id = try await Self.approved(10, pool).id
            let first = try #require(try await Self.due(pool, at: Self.now).first)
            _ = try await pool.run(PayoutCallStore.finish(first, at: Self.now))
            _ = try await pool.run(PayoutCallStore.requestReturn(id, at: Self.now))
            for (error, takesBack) in [("lost", true), (nil, true), (nil, false)] as [(String?, Bool)] {
                let call = try #require(try await Self.due(pool, at: Self.now).first)
                #expect(call.takesBack == takesBack && !first.takesBack)
                let put = PayoutCallStore.reschedule(call, nextAttemptAt: Self.now, lastError: error, didNothing: false, at: Self.now)
                #expect(try await pool.run(put).affectedRows == 1)
            }
        }
    }

    @Test("the claims of a silent gateway are freed")
    func silence() async throws {
        try await TestDatabase.migrated().withPool { pool in
            _ = try await Self.approved(10, pool)
            #expect(try await Self.due(pool, at: Self.now).count == 1)
            try await Self.write(PresenceStore.release(claimsOf: [GatewayID(value: 1)], and: [], at: Self.now), pool)
            #expect(try await Self.due(pool, at: Self.now).first?.isDoubtful(at: Self.now) == true)
        }
    }

    @Test("of withdrawals that together exceed the wallet only so many are held, however many ask at once")
    func race() async throws {
        try await TestDatabase.migrated().withPool { pool in
            let ledger = Ledger(pool: pool)
            let wallet = try #require(ChartOfAccounts.wallet(customer: "c", .thb))
            let amount = Amount(minorUnits: 50_000, asset: .thb)
            let credit = JournalEntry(
                cause: EntryCause("credit"),
                kind: .walletCredit,
                try Transfer(debit: ChartOfAccounts.winnings(.thb), credit: wallet, amount: amount),
                chargeID: nil,
                occurredAt: Self.now
            )
            #expect(try await ledger.post([PostingRequest(EntryID(value: 1), credit)], at: Self.now) == [.created])
            let results = try await withThrowingTaskGroup(of: [PostingResult].self) { group in
                for number in 0..<6 as Range<UInt128> {
                    let requests = try Self.withdrawal(10 + number).requested().postings.compactMap { posting -> PostingRequest? in
                        guard case .entry(let entry) = posting else { return nil }
                        return PostingRequest(EntryID(value: 10 + number), entry)
                    }
                    group.addTask { try await ledger.post(requests, at: Self.now) }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(results.count(where: { $0 == .created }) == 1)
            #expect(results.count(where: { $0 == .wouldExceedBalance }) == 5)
        }
    }
}
