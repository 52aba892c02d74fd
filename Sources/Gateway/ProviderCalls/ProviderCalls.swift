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
        var amount: Amount?
        if case .capture(let captured) = operation { amount = captured }
        return ProviderCall(
            chargeID: charge.id,
            operation: operation.name,
            amount: amount,
            attempts: 1,
            nextAttemptAt: now,
            claim: committer.surroundings.claim(for: ProviderCalls.claimDuration)
        )
    }

    /// Carries out the call of a request that waits for the answer, and keeps that answer under its key.
    func carryOut(
        _ operation: ProviderOperation,
        as call: ProviderCall,
        for charge: Charge,
        answering idempotency: IdempotentRequest
    ) async throws -> KeptAnswer {
        try await settle(call, operation, charge) { settled in
            let answer = OperationAnswer.answer(to: operation, settled.outcome, charge: settled.charge, refund: settled.refund)
            return (answer, [ProviderCalls.keep(answer, under: idempotency)])
        }
    }

    /// Carries out a call whose requester is gone; `refund` is the one that a call for a refund is about.
    func carryOut(_ call: ProviderCall, for charge: Charge, refund: Refund?) async throws {
        guard let operation = ProviderOperation(call, refund: refund) else { return }
        try await settle(call, operation, charge) { _ in ((), []) }
    }

    /// Gives the key of a request that was cut off by a crash its answer: what it asked for, as it stands now.
    ///
    /// A request that lives writes its answer together with the end of its call, so a call that has ended and left no answer is another's.
    ///
    /// - Returns: nil while the call is under way, by the request itself or by its recovery.
    func answerAbandoned(
        _ chargeID: ChargeID,
        operation: String?,
        under idempotency: IdempotentRequest
    ) async throws -> KeptAnswer? {
        let refundID = operation.flatMap(ProviderOperation.refundID)
        return try await committer.pool.transaction { transaction -> KeptAnswer? in
            let results = try await transaction.pipeline([
                ChargeStore.lock(ids: [chargeID]),
                ProviderCallStore.findUnderWay(
                    operation ?? ProviderOperation.create.name,
                    of: chargeID,
                    at: committer.surroundings.now()
                ),
                IdempotencyStore.find(caller: idempotency.caller, key: idempotency.key),
                RefundStore.find(ids: refundID.map { [$0] } ?? []),
            ])
            guard let charge = try ChargeStore.decode(results[0]).first, results[1].rows.isEmpty else { return nil }
            if let answer = try IdempotencyStore.decode(results[2]).first?.answer { return answer }
            let refund = try RefundStore.decode(results[3]).first
            let answer = OperationAnswer.answer(toAbandoned: operation, charge: charge, refund: refund)
            _ = try await transaction.finish(with: [ProviderCalls.keep(answer, under: idempotency)])
            return answer
        }
    }

    /// What a request gets whose key was used by `earlier`.
    func outcome(of earlier: IdempotencyRecord, for request: IdempotentRequest) async throws -> IdempotentOutcome {
        guard earlier.fingerprint == request.fingerprint else { return .keyReused }
        if let answer = earlier.answer { return .replayed(answer) }
        guard let chargeID = earlier.chargeID,
            let answer = try await answerAbandoned(chargeID, operation: earlier.operation, under: request)
        else { return .running }
        return .replayed(answer)
    }

    private static func keep(_ answer: KeptAnswer, under idempotency: IdempotentRequest) -> Command {
        IdempotencyStore.answer(caller: idempotency.caller, key: idempotency.key, with: answer)
    }

    /// What a call has led to.
    private struct Settled: Sendable {
        let outcome: ProviderOutcome
        let charge: Charge
        /// The refund that was asked for, as it stands after the answer.
        let refund: Refund?
    }

    /// Asks the provider and commits what it says, with what `conclude` makes of it beside.
    @discardableResult
    private func settle<Result: Sendable>(
        _ call: ProviderCall,
        _ operation: ProviderOperation,
        _ charge: Charge,
        conclude: @escaping @Sendable (Settled) -> (Result, [Command])
    ) async throws -> Result {
        guard let provider = providers[charge.provider] else { throw ProviderMissing() }
        let outcome = await outcome(of: operation, by: provider, for: charge)
        count(operation, charge.provider, outcome)
        do {
            return try await commit(outcome, operation, call, charge, conclude: conclude)
        } catch {
            if let claim = call.claim { abandoned.add(claim) }
            throw error
        }
    }

    /// A provider whose circuit is open is not asked at all; the call is due again when the circuit lets something through.
    private func outcome(of operation: ProviderOperation, by provider: any PaymentProvider, for charge: Charge) async -> ProviderOutcome {
        let now = committer.surroundings.now()
        if let pause = gate.pause(for: charge.provider) {
            return .notDone(reason: "the provider's circuit is open", retryAfter: pause)
        }
        return await provider.perform(operation, for: charge, at: now, send: gate.send(to: charge.provider))
    }

    /// The providers that are not asked now.
    var waiting: [ProviderName] { gate.waiting }

    private func commit<Result: Sendable>(
        _ outcome: ProviderOutcome,
        _ operation: ProviderOperation,
        _ call: ProviderCall,
        _ charge: Charge,
        conclude: @escaping @Sendable (Settled) -> (Result, [Command])
    ) async throws -> Result {
        let now = committer.surroundings.now()
        let settled = { @Sendable (batch: FactBatch.Outcome, current: Charge) -> Settled in
            var refund: Refund?
            if case .refund(let asked) = operation { refund = batch.refunds[asked.id] ?? asked }
            return Settled(outcome: outcome, charge: batch.charges[current.id] ?? current, refund: refund)
        }
        let done = try await committer.commit { transaction -> FactCommitter.Work<Charge>? in
            let results = try await transaction.pipeline([
                ProviderCalls.closing(call, outcome, at: now), ChargeStore.lock(ids: [charge.id]),
            ])
            guard let current = try results.last.map({ try ChargeStore.decode($0) })?.first else { return nil }
            guard results.first?.affectedRows == 1 else { throw LostClaim() }
            return FactCommitter.Work(facts: ProviderCalls.facts(outcome, of: operation, charge, at: now), context: current)
        } write: { batch, current in
            conclude(settled(batch, current)).1
        }
        guard let done else { throw ChargeMissing() }
        return conclude(settled(done.outcome, done.context)).0
    }

    /// The claim was taken over while this process was away; what it learned is dropped, because the new holder asks again.
    struct LostClaim: Error {}

    /// The charge's provider is not set up any more; its calls wait until it is.
    struct ProviderMissing: Error {}

    /// A call is of a charge that is not there.
    struct ChargeMissing: Error {}

    private static func facts(
        _ outcome: ProviderOutcome,
        of operation: ProviderOperation,
        _ charge: Charge,
        at now: Timestamp
    ) -> [PaymentFact] {
        switch (outcome, operation) {
        case (.facts(let facts), _):
            return facts
        case (.refused(let failure), .refund(let refund)):
            let refusal = PaymentFact.RefundRefusal(refundID: refund.id, failure: failure)
            return [
                PaymentFact(provider: charge.provider, subject: .charge(charge.id), kind: .refundRefused(refusal), occurredAt: now)
            ]
        default:
            return []
        }
    }

    private static func closing(_ call: ProviderCall, _ outcome: ProviderOutcome, at now: Timestamp) -> Command {
        var random = SystemRandomNumberGenerator()
        switch outcome {
        case .facts:
            return ProviderCallStore.finish(call, lastError: nil, at: now)
        case .refused(let failure):
            return ProviderCallStore.finish(call, lastError: failure.providerCode ?? failure.code, at: now)
        case .open(let wait):
            return ProviderCallStore.reschedule(call, nextAttemptAt: now.advanced(by: wait), lastError: "nothing has happened yet", at: now)
        case .unknown(let reason, let retryAfter), .notDone(let reason, let retryAfter):
            let delay = ProviderCallSchedule.delay(afterAttempts: call.attempts, asked: retryAfter, random: &random)
            return ProviderCallStore.reschedule(call, nextAttemptAt: now.advanced(by: delay), lastError: reason, at: now)
        }
    }

    private func count(_ operation: ProviderOperation, _ provider: ProviderName, _ outcome: ProviderOutcome) {
        let name: String
        switch outcome {
        case .facts: name = "answered"
        case .refused: name = "refused"
        case .open: name = "open"
        case .unknown(let reason, _):
            name = "unknown"
            logger.warning(
                "provider outcome unknown",
                metadata: ["provider": "\(provider)", "operation": "\(operation.kind)", "reason": "\(reason)"]
            )
        case .notDone(let reason, _):
            name = "not_done"
            logger.warning(
                "provider did nothing",
                metadata: ["provider": "\(provider)", "operation": "\(operation.kind)", "reason": "\(reason)"]
            )
        }
        let dimensions = [("provider", provider.text), ("operation", operation.kind), ("outcome", name)]
        Counter(label: "truvapay_provider_calls_total", dimensions: dimensions).increment()
    }
}

extension ProviderOperation {
    /// The operation that a stored call stands for; nil when what it is about is not there.
    init?(_ call: ProviderCall, refund: Refund?) {
        switch (call.operation, call.amount, refund) {
        case ("create", _, _): self = .create
        case ("expire", _, _): self = .expire
        case ("fetch", _, _): self = .fetch
        case ("cancel", _, _): self = .cancel
        case ("capture", let amount?, _): self = .capture(amount)
        case (_, _, let refund?) where ProviderOperation.refund(refund).name == call.operation: self = .refund(refund)
        default: return nil
        }
    }

    /// The refund that a call of this name is about.
    static func refundID(_ name: String) -> RefundID? {
        let parts = name.split(separator: ":", maxSplits: 1)
        return parts.first == "refund" ? parts.last.flatMap { RefundID(String($0)) } : nil
    }
}
