package import Logging
import Payments
import PostgreSQL
import Storage

/// Finishes provider calls that a time-out, an error or a crash left open.
package struct ProviderCallRecovery: Sendable {
    private let calls: ProviderCalls
    private let logger: Logger

    private static let pollInterval = Duration.milliseconds(500)
    private static let concurrentMax = 16

    /// Recovers through `calls`.
    package init(calls: ProviderCalls, logger: Logger) {
        self.calls = calls
        self.logger = logger
    }

    /// Works until shutdown.
    package func run() async {
        while !Shutdown.isRequested {
            do {
                try await recoverDue()
            } catch {
                logger.error("provider calls could not be recovered", metadata: ["error": "\(error)"])
            }
            await Shutdown.sleep(for: ProviderCallRecovery.pollInterval)
        }
    }

    private func recoverDue() async throws {
        let due = try await claimDue()
        await withDiscardingTaskGroup { group in
            for (call, charge) in due {
                group.addTask { await recover(call, charge) }
            }
        }
    }

    private func recover(_ call: ProviderCall, _ charge: Charge) async {
        do {
            try await calls.carryOut(call, for: charge)
        } catch is ProviderCalls.LostClaim {
            logger.notice("another process took the call over", metadata: ["charge": "\(charge.id)"])
        } catch {
            logger.error("a provider call could not be recovered", metadata: ["charge": "\(charge.id)", "error": "\(error)"])
        }
    }

    private func claimDue() async throws -> [(ProviderCall, Charge)] {
        let surroundings = calls.committer.surroundings
        let claim = surroundings.claim(for: ProviderCalls.claimDuration)
        let claimDue = ProviderCallStore.claimDue(now: surroundings.now(), claim: claim, limit: ProviderCallRecovery.concurrentMax)
        do {
            return try await find(claimDue, claim)
        } catch {
            calls.abandoned.add(claim)
            throw error
        }
    }

    private func find(_ claimDue: Command, _ claim: Claim) async throws -> [(ProviderCall, Charge)] {
        let pool = calls.committer.pool
        let claimed = try ProviderCallStore.decode(try await pool.execute(claimDue.statement, claimDue.parameters), claim: claim)
        guard !claimed.isEmpty else { return [] }
        let find = ChargeStore.find(ids: claimed.map(\.chargeID))
        let charges = try ChargeStore.decode(try await pool.execute(find.statement, find.parameters))
        let byID = Dictionary(uniqueKeysWithValues: charges.map { ($0.id, $0) })
        return claimed.compactMap { call in byID[call.chargeID].map { (call, $0) } }
    }
}
