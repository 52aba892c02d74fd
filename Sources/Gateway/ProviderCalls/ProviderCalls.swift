package import Logging
import Metrics
import Payments
package import Providers
import PostgreSQL
import Storage

/// Carries out calls to providers whose intent is durable, and commits what the answer says.
///
/// A call is claimed with a token until a time. Whoever holds the claim may write its outcome; a process that was stopped and wakes up
/// after its claim was taken over changes nothing.
package struct ProviderCalls: Sendable {
    let committer: FactCommitter
    let abandoned: AbandonedClaims
    private let providers: ProviderRegistry
    private let gate: ProviderGate
    private let logger: Logger

    /// Longer than all requests of one operation together can take.
    static let claimDuration = Duration.seconds(75)

    /// Calls providers through `gate` and commits through `committer`.
    package init(
        committer: FactCommitter,
        providers: ProviderRegistry,
        gate: ProviderGate,
        abandoned: AbandonedClaims,
        logger: Logger
    ) {
        self.committer = committer
        self.abandoned = abandoned
        self.providers = providers
        self.gate = gate
        self.logger = logger
    }

    /// A call that this process has claimed, to be stored with its intent.
    func claim(_ operation: ProviderOperation, for charge: Charge, at now: Timestamp) -> ProviderCall {
        ProviderCall(
            chargeID: charge.id,
            operation: operation.rawValue,
            attempts: 1,
            nextAttemptAt: now,
            claim: committer.surroundings.claim(for: ProviderCalls.claimDuration)
        )
    }

    /// Carries out the call of a request that waits for the answer, and keeps that answer under its key.
    func carryOut(_ call: ProviderCall, for charge: Charge, answering idempotency: IdempotentRequest) async throws -> KeptAnswer {
        let settled = try await settle(call, charge) { charge in
            let answer = ChargeRequests.answer(for: charge)
            return [ProviderCalls.keep(answer, under: idempotency)]
        }
        return ChargeRequests.answer(for: settled ?? charge)
    }

    /// Carries out a call whose requester is gone.
    func carryOut(_ call: ProviderCall, for charge: Charge) async throws {
        _ = try await settle(call, charge) { _ in [] }
    }

    /// Gives the key of a request that was cut off by a crash its answer: the charge as it stands now.
    ///
    /// A request that lives writes its answer together with the end of its call, so a call that has ended and left no answer is another's.
    ///
    /// - Returns: nil while the call is under way, by the request itself or by its recovery.
    func answerAbandoned(_ chargeID: ChargeID, under idempotency: IdempotentRequest) async throws -> KeptAnswer? {
        try await committer.pool.transaction { transaction -> KeptAnswer? in
            let results = try await transaction.pipeline([
                ChargeStore.lock(ids: [chargeID]),
                ProviderCallStore.findUnderWay(of: chargeID, at: committer.surroundings.now()),
                IdempotencyStore.find(caller: idempotency.caller, key: idempotency.key),
            ])
            guard let charge = try ChargeStore.decode(results[0]).first, results[1].rows.isEmpty else { return nil }
            if let answer = try IdempotencyStore.decode(results[2]).first?.answer {
                return KeptAnswer(status: answer.status, contentType: answer.contentType, body: answer.body)
            }
            let answer = ChargeRequests.answer(for: charge)
            _ = try await transaction.finish(with: [ProviderCalls.keep(answer, under: idempotency)])
            return answer
        }
    }

    private static func keep(_ answer: KeptAnswer, under idempotency: IdempotentRequest) -> Command {
        IdempotencyStore.answer(
            caller: idempotency.caller,
            key: idempotency.key,
            with: IdempotencyAnswer(status: answer.status, contentType: answer.contentType, body: answer.body)
        )
    }

    /// Asks the provider and commits; returns the charge as it then stands, nil when the claim was lost.
    private func settle(
        _ call: ProviderCall,
        _ charge: Charge,
        beside: @escaping @Sendable (Charge) -> [Command]
    ) async throws -> Charge? {
        guard let provider = providers[charge.provider], let operation = ProviderOperation(rawValue: call.operation) else { return nil }
        let outcome = await provider.perform(
            operation,
            for: charge,
            at: committer.surroundings.now(),
            send: gate.send(to: charge.provider)
        )
        count(operation, charge.provider, outcome)
        do {
            return try await commit(outcome, of: call, charge, beside: beside)
        } catch {
            if let claim = call.claim { abandoned.add(claim) }
            throw error
        }
    }

    private func commit(
        _ outcome: ProviderOutcome,
        of call: ProviderCall,
        _ charge: Charge,
        beside: @escaping @Sendable (Charge) -> [Command]
    ) async throws -> Charge? {
        let now = committer.surroundings.now()
        let done = try await committer.commit { transaction -> FactCommitter.Work<Charge>? in
            let results = try await transaction.pipeline([
                ProviderCalls.closing(call, outcome, at: now), ChargeStore.lock(ids: [charge.id]),
            ])
            guard let current = try results.last.map({ try ChargeStore.decode($0) })?.first else { return nil }
            guard results.first?.affectedRows == 1 else { throw LostClaim() }
            return FactCommitter.Work(facts: ProviderCalls.facts(outcome), context: current)
        } write: { outcome, current in
            beside(outcome.charges[current.id] ?? current)
        }
        guard let done else { return nil }
        return done.outcome.charges[done.context.id] ?? done.context
    }

    /// The claim was taken over while this process was away; what it learned is dropped, because the new holder asks again.
    struct LostClaim: Error {}

    private static func facts(_ outcome: ProviderOutcome) -> [PaymentFact] {
        if case .facts(let facts) = outcome { facts } else { [] }
    }

    private static func closing(_ call: ProviderCall, _ outcome: ProviderOutcome, at now: Timestamp) -> Command {
        var random = SystemRandomNumberGenerator()
        switch outcome {
        case .facts:
            return ProviderCallStore.finish(call, at: now)
        case .unknown(let reason, let retryAfter), .notDone(let reason, let retryAfter):
            let delay = ProviderCallSchedule.delay(afterAttempts: call.attempts, asked: retryAfter, random: &random)
            return ProviderCallStore.reschedule(call, nextAttemptAt: now.advanced(by: delay), lastError: reason, at: now)
        }
    }

    private func count(_ operation: ProviderOperation, _ provider: ProviderName, _ outcome: ProviderOutcome) {
        let name: String
        switch outcome {
        case .facts: name = "answered"
        case .unknown(let reason, _):
            name = "unknown"
            logger.warning(
                "provider outcome unknown",
                metadata: ["provider": "\(provider)", "operation": "\(operation)", "reason": "\(reason)"]
            )
        case .notDone(let reason, _):
            name = "not_done"
            logger.warning(
                "provider did nothing",
                metadata: ["provider": "\(provider)", "operation": "\(operation)", "reason": "\(reason)"]
            )
        }
        let dimensions = [("provider", provider.text), ("operation", operation.rawValue), ("outcome", name)]
        Counter(label: "truvapay_provider_calls_total", dimensions: dimensions).increment()
    }
}
