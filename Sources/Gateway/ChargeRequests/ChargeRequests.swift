package import Logging
import Payments
package import Providers
import Storage
import StrictJSON

/// Carries out requests for charges: store the intent, ask the provider where one has to be asked, store and give the answer.
package struct ChargeRequests: Sendable {
    private let providers: ProviderRegistry
    private let surroundings: Surroundings
    private let intents: Batcher<ChargeIntent, IntentResult>
    private let calls: ProviderCalls
    private let logger: Logger

    /// Carries out requests through the given parts.
    package init(
        providers: ProviderRegistry,
        surroundings: Surroundings,
        intents: Batcher<ChargeIntent, IntentResult>,
        calls: ProviderCalls,
        logger: Logger
    ) {
        self.providers = providers
        self.surroundings = surroundings
        self.intents = intents
        self.calls = calls
        self.logger = logger
    }

    /// Creates a charge, or gives the answer that the same request got before.
    ///
    /// - Throws: `ChargeRefusal` before anything is written; `BatcherError` or a database error when nothing could be stored.
    package func create(_ request: ChargeRequest, under idempotency: IdempotentRequest) async throws -> IdempotentOutcome {
        let now = surroundings.now()
        let admitted = try ChargeAdmission.admit(request, to: providers, at: now)
        let charge = Charge(id: surroundings.identifier(), order: admitted.order, provider: admitted.provider.name, createdAt: now)
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        switch admitted.provider.begin(charge, random: &random) {
        case .immediate(let fact):
            return try await storeImmediate(charge, fact, by: admitted.provider, at: now, under: idempotency)
        case .call:
            return try await storeAndCall(charge, by: admitted.provider, at: now, under: idempotency)
        }
    }

    private static func look(at charge: Charge, by provider: any PaymentProvider) -> ProviderCall? {
        provider.firstLook.map { wait in
            ProviderCall(
                chargeID: charge.id,
                operation: ProviderOperation.fetch.name,
                attempts: 0,
                nextAttemptAt: charge.createdAt.advanced(by: wait),
                claim: nil
            )
        }
    }

    private func storeImmediate(
        _ charge: Charge,
        _ fact: PaymentFact,
        by provider: any PaymentProvider,
        at now: Timestamp,
        under idempotency: IdempotentRequest
    ) async throws -> IdempotentOutcome {
        let decision = charge.apply(fact, at: now)
        var begun = decision.charge ?? charge
        begun.version = 1
        let answer = ChargeRequests.answer(for: begun)
        let notifications = decision.notifications.map {
            OrderCoreNotification(type: $0.type, cause: "\(begun.id):1", subject: .charge(begun), occurredAt: $0.occurredAt)
        }
        let intent = ChargeIntent(
            charge: begun,
            notifications: notifications,
            idempotency: idempotency,
            answer: answer,
            call: nil,
            look: begun.status.isOpen ? ChargeRequests.look(at: begun, by: provider) : nil
        )
        switch try await intents.submit(intent) {
        case .created: return .answered(answer)
        case .existing(let earlier): return try await outcome(of: earlier, for: idempotency)
        }
    }

    private func storeAndCall(
        _ charge: Charge,
        by provider: any PaymentProvider,
        at now: Timestamp,
        under idempotency: IdempotentRequest
    ) async throws -> IdempotentOutcome {
        let claim = calls.claim(.create, for: charge, at: now)
        let intent = ChargeIntent(
            charge: charge,
            notifications: [],
            idempotency: idempotency,
            answer: nil,
            call: claim,
            look: ChargeRequests.look(at: charge, by: provider)
        )
        switch try await intents.submit(intent) {
        case .existing(let earlier): return try await outcome(of: earlier, for: idempotency)
        case .created:
            let answer = try await calls.carryOut(.create, as: claim, for: charge, answering: idempotency)
            return .answered(answer)
        }
    }

    private func outcome(of earlier: IdempotencyRecord, for request: IdempotentRequest) async throws -> IdempotentOutcome {
        try await calls.outcome(of: earlier, for: request)
    }

    /// The answer to a created charge.
    static func answer(for charge: Charge) -> KeptAnswer {
        KeptAnswer(status: 201, body: ChargeDocument.bytes(charge))
    }
}
