package import Payments
import PostgreSQL
package import Providers
package import Storage

/// Withdrawals from customers' wallets: one person asks, another decides where the amount needs it, and what is approved is sent.
package struct Withdrawals: Sendable {
    private let ledger: Ledger
    private let surroundings: Surroundings
    private let providers: ProviderRegistry
    private let approvalLimits: [Asset: Amount]
    private let delivery: WorkSignal
    private let payouts: WorkSignal
    private var kept: KeptAnswers { KeptAnswers(pool: ledger.pool) }

    /// Books into `ledger`, wakes `delivery` when there is something to tell and `payouts` when there is something to send.
    ///
    /// Up to its currency's limit a withdrawal needs no second person; where there is none, each does.
    package init(
        ledger: Ledger,
        surroundings: Surroundings,
        providers: ProviderRegistry,
        approvalLimits: [Asset: Amount],
        delivery: WorkSignal,
        payouts: WorkSignal
    ) {
        self.ledger = ledger
        self.surroundings = surroundings
        self.providers = providers
        self.approvalLimits = approvalLimits
        self.delivery = delivery
        self.payouts = payouts
    }

    /// Holds the money and keeps what is asked for; within the limit it is approved in the same commit.
    ///
    /// - Throws: `WithdrawalRefusal`, or `LedgerRefusal` when the wallet does not hold enough, before anything is written.
    package func request(_ draft: WithdrawalDraft, under request: IdempotentRequest) async throws -> IdempotentOutcome {
        if let earlier = try await kept.earlier(request) { return earlier }
        let destination = try WithdrawalDestination(draft.destination)
        try admit(draft.amount, to: destination)
        let withdrawal = Withdrawal(
            id: surroundings.identifier(),
            customerID: draft.customerID,
            amount: draft.amount,
            destination: destination,
            requestedBy: request.caller,
            approvalLimit: approvalLimits[draft.amount.asset] ?? Amount(minorUnits: 0, asset: draft.amount.asset),
            createdAt: surroundings.now()
        )
        guard let step = withdrawal?.requested() else { throw LedgerRefusal(result: .wouldExceedBalance) }
        let answer = KeptAnswer(status: 201, body: WithdrawalDocument.bytes(step.withdrawal))
        let isNew = try await repeatingUnknown { try await write(step, answer, under: request) }
        guard isNew else { return try await kept.outcome(of: request) }
        wake(step)
        return .answered(answer)
    }

    /// Checks a request against what the destination's provider pays.
    private func admit(_ amount: Amount, to destination: WithdrawalDestination) throws(WithdrawalRefusal) {
        guard let provider = providers[destination.provider], provider is any PayoutProvider, let offer = provider.profile.payouts else {
            throw .destinationNotSupported
        }
        guard let limits = offer.limits[amount.asset] else { throw .currencyNotSupported }
        guard amount.minorUnits >= limits.minimum.minorUnits else { throw .amountTooSmall }
        guard amount.minorUnits <= limits.maximum.minorUnits else { throw .amountTooLarge }
    }

    private func write(_ step: WithdrawalStep, _ answer: KeptAnswer, under request: IdempotentRequest) async throws -> Bool {
        let now = step.withdrawal.createdAt
        return try await ledger.post(at: now) { transaction -> ([PostingRequest], Bool) in
            let begun = try await transaction.execute(IdempotencyStore.begin([request.record(answer: answer, at: now)]))
            guard try !IdempotencyStore.decodeBegun(begun).isEmpty else { return ([], false) }
            return (WithdrawalWriting.requests(step, surroundings: surroundings), true)
        } beside: { results, isNew in
            guard isNew else { return (false, []) }
            try WithdrawalWriting.check(results)
            return (true, WithdrawalWriting.commands(step, before: nil, surroundings: surroundings))
        }
    }

    /// Lets a withdrawal be sent.
    ///
    /// - Throws: `WithdrawalRefusal`.
    package func approve(_ id: WithdrawalID, reason: String?, under request: IdempotentRequest) async throws -> IdempotentOutcome {
        try await decide(id, isApproved: true, reason: reason, under: request)
    }

    /// Gives the customer the money back.
    ///
    /// - Throws: `WithdrawalRefusal`.
    package func reject(_ id: WithdrawalID, reason: String?, under request: IdempotentRequest) async throws -> IdempotentOutcome {
        try await decide(id, isApproved: false, reason: reason, under: request)
    }

    private func decide(
        _ id: WithdrawalID,
        isApproved: Bool,
        reason: String?,
        under request: IdempotentRequest
    ) async throws -> IdempotentOutcome {
        let decision = WithdrawalDecision(
            isApproved: isApproved,
            decidedBy: request.caller,
            decidedAt: surroundings.now(),
            reason: reason
        )
        let step = try await repeatingUnknown { try await write(decision, about: id, under: request) }
        guard let step else { return try await kept.outcome(of: request) }
        wake(step)
        return .answered(Withdrawals.answer(step))
    }

    /// Nil when the key was used before.
    private func write(
        _ decision: WithdrawalDecision,
        about id: WithdrawalID,
        under request: IdempotentRequest
    ) async throws -> WithdrawalStep? {
        try await ledger.post(at: decision.decidedAt) { transaction -> ([PostingRequest], (before: Withdrawal, step: WithdrawalStep)?) in
            let begin = IdempotencyStore.begin([request.record(at: decision.decidedAt)])
            let results = try await transaction.pipeline([begin] + WithdrawalStore.lock(id))
            guard try !IdempotencyStore.decodeBegun(results[0]).isEmpty else { return ([], nil) }
            guard let withdrawal = try WithdrawalStore.decode(results[2]).first else { throw WithdrawalRefusal.notFound }
            try withdrawal.admit(decisionBy: request.caller)
            let step = withdrawal.decided(decision)
            return (WithdrawalWriting.requests(step, surroundings: surroundings), (withdrawal, step))
        } beside: { results, work in
            guard let work else { return (nil, []) }
            try WithdrawalWriting.check(results)
            let keeping = IdempotencyStore.answer(caller: request.caller, key: request.key, with: Withdrawals.answer(work.step))
            return (work.step, WithdrawalWriting.commands(work.step, before: work.before, surroundings: surroundings) + [keeping])
        }
    }

    /// Asks the provider to take back what is on its way and nobody has claimed; how that ends is told like every other end.
    ///
    /// - Throws: `WithdrawalRefusal`.
    package func cancel(_ id: WithdrawalID, under request: IdempotentRequest) async throws -> IdempotentOutcome {
        let now = surroundings.now()
        let answer = try await repeatingUnknown { try await write(cancellationOf: id, under: request, at: now) }
        guard let answer else { return try await kept.outcome(of: request) }
        payouts.raise()
        return .answered(answer)
    }

    /// Nil when the key was used before.
    private func write(
        cancellationOf id: WithdrawalID,
        under request: IdempotentRequest,
        at now: Timestamp
    ) async throws -> KeptAnswer? {
        try await ledger.pool.transaction { transaction -> KeptAnswer? in
            let results = try await transaction.pipeline([IdempotencyStore.begin([request.record(at: now)])] + WithdrawalStore.lock(id))
            guard try !IdempotencyStore.decodeBegun(results[0]).isEmpty else { return nil }
            guard let withdrawal = try WithdrawalStore.decode(results[2]).first else { throw WithdrawalRefusal.notFound }
            try withdrawal.admitCancellation()
            let answer = KeptAnswer(status: 202, body: WithdrawalDocument.bytes(withdrawal))
            _ = try await transaction.finish(with: [
                PayoutCallStore.requestReturn(id, at: now),
                IdempotencyStore.answer(caller: request.caller, key: request.key, with: answer),
            ])
            return answer
        }
    }

    private static func answer(_ step: WithdrawalStep) -> KeptAnswer {
        KeptAnswer(status: 200, body: WithdrawalDocument.bytes(step.withdrawal))
    }

    private func wake(_ step: WithdrawalStep) {
        if !step.notifications.isEmpty { delivery.raise() }
        if step.withdrawal.status == .approved { payouts.raise() }
    }
}

/// A withdrawal as it is asked for.
package struct WithdrawalDraft: Sendable, Hashable {
    package let customerID: String
    package let amount: Amount
    /// Where it shall go, as the caller wrote it.
    package let destination: String

    /// Describes what is asked for.
    package init(customerID: String, amount: Amount, destination: String) {
        self.customerID = customerID
        self.amount = amount
        self.destination = destination
    }
}
