package import Logging
import Metrics
import Payments
import PostgreSQL
package import Providers
package import Storage

/// Sends the payouts of approved withdrawals, looks how they stand, and commits what the providers tell.
///
/// The order to pay is stored in the commit that approves the withdrawal. Whoever claims it may write its outcome; after a time-out, an
/// error or a crash the order is repeated under the same id, which a provider carries out once.
package struct PayoutCalls: Sendable {
    private let ledger: Ledger
    private let surroundings: Surroundings
    private let providers: ProviderRegistry
    private let gate: ProviderGate
    private let work: WorkSignal
    private let delivery: WorkSignal
    private let abandoned: AbandonedClaims
    private let logger: Logger

    private static let pollInterval = Duration.milliseconds(500)
    private static let concurrentMax = 16
    /// Longer than all requests of one call together can take.
    private static let claimDuration = Duration.seconds(75)

    /// Sends through `gate` when `work` is raised, and what is due by itself; wakes `delivery` when there is something to tell.
    package init(
        ledger: Ledger,
        surroundings: Surroundings,
        providers: ProviderRegistry,
        gate: ProviderGate,
        work: WorkSignal,
        delivery: WorkSignal,
        abandoned: AbandonedClaims,
        logger: Logger
    ) {
        self.ledger = ledger
        self.surroundings = surroundings
        self.providers = providers
        self.gate = gate
        self.work = work
        self.delivery = delivery
        self.abandoned = abandoned
        self.logger = logger
    }

    /// Works until shutdown.
    package func run() async {
        while !Shutdown.isRequested {
            var taken = 0
            do {
                taken = try await carryOutDue()
            } catch {
                logger.error("payouts could not be carried out", metadata: ["error": "\(error)"])
            }
            if taken == 0 { await work.wait(atMost: PayoutCalls.pollInterval) }
        }
    }

    private func carryOutDue() async throws -> Int {
        let due = try await claimDue()
        await withDiscardingTaskGroup { group in
            for (call, withdrawal) in due {
                group.addTask { await carryOut(call, withdrawal) }
            }
        }
        return due.count
    }

    private func claimDue() async throws -> [(PayoutCall, Withdrawal)] {
        let claim = surroundings.claim(for: PayoutCalls.claimDuration)
        let command = PayoutCallStore.claimDue(
            now: surroundings.now(),
            claim: claim,
            limit: PayoutCalls.concurrentMax,
            passingOver: gate.waiting
        )
        do {
            let calls = try PayoutCallStore.decode(try await ledger.pool.execute(command.statement, command.parameters), claim: claim)
            guard !calls.isEmpty else { return [] }
            let find = WithdrawalStore.find(calls.map(\.withdrawalID))
            let found = try WithdrawalStore.decode(try await ledger.pool.execute(find.statement, find.parameters))
            let byID = Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
            return calls.compactMap { call in byID[call.withdrawalID].map { (call, $0) } }
        } catch {
            abandoned.add(claim)
            throw error
        }
    }

    private func carryOut(_ call: PayoutCall, _ withdrawal: Withdrawal) async {
        do {
            let outcome = await outcome(of: call, withdrawal)
            count(outcome, of: call, withdrawal)
            try await commit(outcome, of: call, withdrawal.id)
        } catch is LostClaim {
            logger.notice("another process took the payout over", metadata: ["withdrawal": "\(withdrawal.id)"])
        } catch {
            abandoned.add(call.claim)
            logger.error("a payout could not be carried out", metadata: ["withdrawal": "\(withdrawal.id)", "error": "\(error)"])
        }
    }

    /// What is approved is sent, and everything else looked up.
    ///
    /// Nothing is ever sent for a withdrawal that has ended.
    private func outcome(of call: PayoutCall, _ withdrawal: Withdrawal) async -> PayoutOutcome {
        guard let provider = providers[withdrawal.provider] as? any PayoutProvider else {
            return .notDone(reason: "the provider is not set up", retryAfter: nil)
        }
        let now = surroundings.now()
        if let pause = gate.pause(for: withdrawal.provider) {
            return .notDone(reason: "the provider's circuit is open", retryAfter: pause)
        }
        // What was refused has no payment that could be looked at.
        if let failure = withdrawal.failure, withdrawal.providerReference == nil {
            return .told(PayoutFact(reference: nil, state: .failed(failure), occurredAt: now), lookAgainAfter: nil)
        }
        let send = gate.send(to: withdrawal.provider)
        if call.takesBack, withdrawal.status == .inTransit { return await provider.cancelPayout(of: withdrawal, at: now, send: send) }
        guard withdrawal.status == .approved else { return await provider.fetchPayout(of: withdrawal, at: now, send: send) }
        let outcome = await provider.sendPayout(of: withdrawal, at: now, send: send)
        if case .refused(let failure) = outcome, call.isDoubtful(at: surroundings.now()) {
            let code = failure.providerCode ?? failure.code
            return .notDone(reason: "refused (\(code)) after an order that may have been taken", retryAfter: nil)
        }
        return outcome
    }

    /// Commits an outcome; money whose wallet was closed in the meantime goes to suspense.
    private func commit(_ outcome: PayoutOutcome, of call: PayoutCall, _ id: WithdrawalID) async throws {
        do {
            try await commit(outcome, of: call, id, walletIsClosed: false)
        } catch let refusal as LedgerRefusal where refusal.result == .accountClosed {
            try await commit(outcome, of: call, id, walletIsClosed: true)
        }
    }

    private func commit(_ outcome: PayoutOutcome, of call: PayoutCall, _ id: WithdrawalID, walletIsClosed: Bool) async throws {
        let now = surroundings.now()
        let hasNews = try await ledger.post(at: now) { transaction -> ([PostingRequest], (before: Withdrawal, step: WithdrawalStep)?) in
            let results = try await transaction.pipeline([PayoutCalls.closing(call, outcome, at: now)] + WithdrawalStore.lock(id))
            guard results[0].affectedRows == 1 else { throw LostClaim() }
            guard let withdrawal = try WithdrawalStore.decode(results[2]).first, let fact = PayoutCalls.fact(outcome, at: now),
                let step = withdrawal.told(fact, at: now, walletIsClosed: walletIsClosed)
            else { return ([], nil) }
            return (WithdrawalWriting.requests(step, surroundings: surroundings), (withdrawal, step))
        } beside: { results, work in
            guard let work else { return (false, []) }
            try WithdrawalWriting.check(results)
            let commands = WithdrawalWriting.commands(work.step, before: work.before, surroundings: surroundings)
            return (!work.step.notifications.isEmpty, commands)
        }
        if hasNews { delivery.raise() }
    }

    /// The claim was taken over while this process was away, or an event asks for a newer look.
    private struct LostClaim: Error {}

    private static func fact(_ outcome: PayoutOutcome, at now: Timestamp) -> PayoutFact? {
        switch outcome {
        case .told(let fact, _): fact
        case .refused(let failure): PayoutFact(reference: nil, state: .failed(failure), occurredAt: now)
        case .unknown, .notDone: nil
        }
    }

    private static func closing(_ call: PayoutCall, _ outcome: PayoutOutcome, at now: Timestamp) -> Command {
        switch outcome {
        case .told(_, lookAgainAfter: nil): return PayoutCallStore.finish(call, at: now)
        case .refused(let failure): return PayoutCallStore.finish(call, lastError: failure.providerCode ?? failure.code, at: now)
        case .told(_, lookAgainAfter: let wait?): return reschedule(call, after: wait, nil, at: now)
        case .unknown(let reason, let wait): return reschedule(call, after: wait, reason, at: now)
        case .notDone(let reason, let wait): return reschedule(call, after: wait, reason, didNothing: true, at: now)
        }
    }

    private static func reschedule(
        _ call: PayoutCall,
        after wait: Duration?,
        _ reason: String?,
        didNothing: Bool = false,
        at now: Timestamp
    ) -> Command {
        var random = SystemRandomNumberGenerator()
        let delay = ProviderCallSchedule.delay(afterAttempts: call.attempts, asked: wait, random: &random)
        return PayoutCallStore.reschedule(
            call,
            nextAttemptAt: now.advanced(by: delay),
            lastError: reason,
            didNothing: didNothing,
            at: now
        )
    }

    private func count(_ outcome: PayoutOutcome, of call: PayoutCall, _ withdrawal: Withdrawal) {
        let operation = withdrawal.status == .approved ? "payout" : call.takesBack ? "payout_cancel" : "payout_fetch"
        let name: String
        switch outcome {
        case .told: name = "answered"
        case .refused: name = "refused"
        case .unknown(let reason, _):
            name = "unknown"
            warn("payout outcome unknown", withdrawal, reason)
        case .notDone(let reason, _):
            name = "not_done"
            warn("the provider did nothing for a payout", withdrawal, reason)
        }
        let dimensions = [("provider", withdrawal.provider.text), ("operation", operation), ("outcome", name)]
        Counter(label: "truvapay_provider_calls_total", dimensions: dimensions).increment()
    }

    private func warn(_ message: Logger.Message, _ withdrawal: Withdrawal, _ reason: String) {
        logger.warning(message, metadata: ["withdrawal": "\(withdrawal.id)", "reason": "\(reason)"])
    }
}
