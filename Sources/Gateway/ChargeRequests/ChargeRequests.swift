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
            return try await storeImmediate(charge, fact, at: now, under: idempotency)
        case .call:
            return try await storeAndCall(charge, at: now, under: idempotency)
        }
    }

    private func storeImmediate(
        _ charge: Charge,
        _ fact: PaymentFact,
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
        let intent = ChargeIntent(charge: begun, notifications: notifications, idempotency: idempotency, answer: answer, call: nil)
        switch try await intents.submit(intent) {
        case .created: return .answered(answer)
        case .existing(let earlier): return try await outcome(of: earlier, for: idempotency)
        }
    }

    private func storeAndCall(_ charge: Charge, at now: Timestamp, under idempotency: IdempotentRequest) async throws -> IdempotentOutcome {
        let claim = calls.claim(.create, for: charge, at: now)
        let intent = ChargeIntent(charge: charge, notifications: [], idempotency: idempotency, answer: nil, call: claim)
        switch try await intents.submit(intent) {
        case .existing(let earlier): return try await outcome(of: earlier, for: idempotency)
        case .created:
            let answer = try await calls.carryOut(claim, for: charge, answering: idempotency)
            return .answered(answer)
        }
    }

    private func outcome(of earlier: IdempotencyRecord, for request: IdempotentRequest) async throws -> IdempotentOutcome {
        guard earlier.fingerprint == request.fingerprint else { return .keyReused }
        if let answer = earlier.answer {
            return .replayed(KeptAnswer(status: answer.status, contentType: answer.contentType, body: answer.body))
        }
        guard let chargeID = earlier.chargeID, let answer = try await calls.answerAbandoned(chargeID, under: request) else {
            return .running
        }
        return .replayed(answer)
    }

    /// The answer to a created charge.
    static func answer(for charge: Charge) -> KeptAnswer {
        KeptAnswer(status: 201, body: ChargeDocument.bytes(charge))
    }
}
