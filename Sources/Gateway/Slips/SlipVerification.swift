package import Payments
package import Providers
import PostgreSQL
import Storage

/// Slips that customers show: whoever can know is asked, and what is accepted is booked in the commit that uses the slip up.
package struct SlipVerification: Sendable {
    private let committer: FactCommitter
    private let providers: ProviderRegistry
    private let gate: ProviderGate

    /// Nobody could be asked at the moment; the same slip may be shown again.
    package struct Unavailable: Error {}

    /// Asks through `gate` and commits through `committer`.
    package init(committer: FactCommitter, providers: ProviderRegistry, gate: ProviderGate) {
        self.committer = committer
        self.providers = providers
        self.gate = gate
    }

    /// Takes a slip for a charge and returns the charge as it then stands; nil when there is no such charge.
    ///
    /// The same slip for the same charge answers the same again.
    ///
    /// - Throws: `SlipRefusal`, `Unavailable`, or a database error.
    package func present(_ text: String, for id: ChargeID) async throws -> Charge? {
        guard let charge = try await charge(id) else { return nil }
        guard let provider = providers[charge.provider] as? any SlipVerifying else { throw SlipRefusal.notSupported }
        let now = committer.surroundings.now()
        let verdict = try await provider.verify(slip: text, for: charge, at: now, send: gate.send(to: charge.provider))
        switch verdict {
        case .unavailable: throw Unavailable()
        case .accepted(let slip, let facts):
            let name = SlipStore.Name(
                provider: charge.provider,
                sendingBank: slip.sendingBank,
                transactionReference: slip.transactionReference
            )
            try await use(name, for: id, facts)
            return try await self.charge(id)
        }
    }

    /// Uses a slip up, once; the second of two who show it at the same moment finds it used.
    private func use(_ name: SlipStore.Name, for id: ChargeID, _ facts: [PaymentFact]) async throws {
        let now = committer.surroundings.now()
        _ = try await committer.commit { transaction -> FactCommitter.Work<Bool>? in
            let results = try await transaction.pipeline([SlipStore.insert(name, for: id, at: now), SlipStore.find(name)])
            guard try SlipStore.decode(results[1]) == id else { throw SlipRefusal.alreadyUsed }
            return FactCommitter.Work(facts: facts, context: true)
        } write: { _, _ in
            []
        }
    }

    private func charge(_ id: ChargeID) async throws -> Charge? {
        let command = ChargeStore.find(ids: [id])
        return try ChargeStore.decode(try await committer.pool.execute(command.statement, command.parameters)).first
    }
}
