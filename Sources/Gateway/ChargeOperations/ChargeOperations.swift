package import Payments
package import Providers
import PostgreSQL
import Storage

/// Carries out captures, cancellations and refunds: check under the charge's lock, store the intent, ask the provider, store and give the
/// answer.
package struct ChargeOperations: Sendable {
    private let providers: ProviderRegistry
    private let calls: ProviderCalls

    /// Carries out operations through `calls`.
    package init(providers: ProviderRegistry, calls: ProviderCalls) {
        self.providers = providers
        self.calls = calls
    }

    /// Carries out an operation, or gives the answer that the same request got before.
    ///
    /// - Throws: `ChargeOperationRefusal` before anything is written.
    package func carryOut(
        _ operation: ChargeOperation,
        on id: ChargeID,
        under request: IdempotentRequest
    ) async throws -> IdempotentOutcome {
        let refundID: RefundID = calls.committer.surroundings.identifier()
        let intent = try await repeatingUnknown { try await store(operation, on: id, under: request, refundID: refundID) }
        switch intent {
        case .existing(let earlier):
            return try await calls.outcome(of: earlier, for: request)
        case .stored(let asked, let call, let charge):
            return .answered(try await calls.carryOut(asked, as: call, for: charge, answering: request))
        }
    }

    private enum Intent: Sendable {
        case stored(ProviderOperation, ProviderCall, Charge)
        /// The key was used before.
        case existing(IdempotencyRecord)
    }

    private func store(
        _ operation: ChargeOperation,
        on id: ChargeID,
        under request: IdempotentRequest,
        refundID: RefundID
    ) async throws -> Intent {
        let now = calls.committer.surroundings.now()
        return try await calls.committer.pool.transaction { transaction -> Intent in
            // The charge goes first: of two requests with one key, the second waits for it and then sees the first.
            let results = try await transaction.pipeline([
                ChargeStore.lock(ids: [id]), RefundStore.find(ofCharge: id), ProviderCallStore.findOpen(of: id),
                IdempotencyStore.find(caller: request.caller, key: request.key),
            ])
            if let earlier = try IdempotencyStore.decode(results[3]).first { return .existing(earlier) }
            guard let charge = try ChargeStore.decode(results[0]).first else { throw ChargeOperationRefusal.chargeNotFound }
            let standing = ChargeOperationAdmission.Standing(
                charge: charge,
                refunds: try RefundStore.decode(results[1]),
                openCalls: try ProviderCallStore.decodeNames(results[2])
            )
            let asked = try ChargeOperationAdmission.admit(
                operation,
                standing,
                method: try method(of: charge),
                refundID: refundID,
                at: now
            )
            let call = calls.claim(asked, for: charge, at: now)
            let record = request.record(chargeID: id, operation: asked.name, at: now)
            let begun = try await transaction.execute(IdempotencyStore.begin([record]))
            // Another request took the key for another charge at this moment.
            guard try !IdempotencyStore.decodeBegun(begun).isEmpty else { throw IntentError.keyVanished }
            var commands = [ProviderCallStore.insert([call], at: now)]
            if case .refund(let refund) = asked { commands.append(RefundStore.write([refund])) }
            _ = try await transaction.finish(with: commands)
            return .stored(asked, call, charge)
        }
    }

    private func method(of charge: Charge) throws(ChargeOperationRefusal) -> MethodProfile {
        guard let method = providers[charge.provider]?.profile.methods[charge.order.method] else { throw .methodUnavailable }
        return method
    }
}
