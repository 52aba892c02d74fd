package import Logging
import Payments
package import Providers
import PostgreSQL
import Storage

/// Ends charges whose time ran out.
///
/// Where the provider holds nothing of the charge, our clock decides. Where it does, it is asked to close the payment first, and its
/// answer decides: the customer may have paid in the last moment.
package struct ChargeExpiry: Sendable {
    private let committer: FactCommitter
    private let providers: ProviderRegistry
    private let logger: Logger

    private static let pollInterval = Duration.seconds(1)
    private static let batchMax = 500

    /// Expires through `committer`.
    package init(committer: FactCommitter, providers: ProviderRegistry, logger: Logger) {
        self.committer = committer
        self.providers = providers
        self.logger = logger
    }

    /// Works until shutdown.
    package func run() async {
        while !Shutdown.isRequested {
            do {
                while try await expireBatch() == ChargeExpiry.batchMax, !Shutdown.isRequested {}
            } catch {
                logger.error("charges could not be expired", metadata: ["error": "\(error)"])
            }
            await Shutdown.sleep(for: ChargeExpiry.pollInterval)
        }
    }

    private func expireBatch() async throws -> Int {
        let now = committer.surroundings.now()
        let done = try await committer.commit { transaction -> FactCommitter.Work<[Charge]>? in
            let overdue = try ChargeStore.decode(
                try await transaction.execute(ChargeStore.lockExpired(at: now, limit: ChargeExpiry.batchMax))
            )
            guard !overdue.isEmpty else { return nil }
            let facts = overdue.filter { !isHeldByProvider($0) }.map { charge in
                PaymentFact(
                    provider: charge.provider,
                    subject: .charge(charge.id),
                    kind: .expired,
                    occurredAt: charge.order.expiresAt ?? now
                )
            }
            return FactCommitter.Work(facts: facts, context: overdue)
        } write: { _, overdue in
            let calls = overdue.filter(isHeldByProvider).map { charge in
                ProviderCall(
                    chargeID: charge.id,
                    operation: ProviderOperation.expire.name,
                    attempts: 0,
                    nextAttemptAt: now,
                    claim: nil
                )
            }
            return calls.isEmpty ? [] : [ProviderCallStore.insert(calls, at: now)]
        }
        return done?.context.count ?? 0
    }

    private func isHeldByProvider(_ charge: Charge) -> Bool {
        providers[charge.provider]?.holdsPayments ?? true
    }
}
