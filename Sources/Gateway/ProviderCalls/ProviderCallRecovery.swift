package import Logging
import Payments
import Providers
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
            for due in due {
                group.addTask { await recover(due) }
            }
        }
    }

    /// A call that is due, with what it is about.
    private struct Due: Sendable {
        let call: ProviderCall
        let charge: Charge
        let refund: Refund?
    }

    private func recover(_ due: Due) async {
        let charge = due.charge
        do {
            try await calls.carryOut(due.call, for: charge, refund: due.refund)
        } catch is ProviderCalls.LostClaim {
            logger.notice("another process took the call over", metadata: ["charge": "\(charge.id)"])
        } catch {
            logger.error("a provider call could not be recovered", metadata: ["charge": "\(charge.id)", "error": "\(error)"])
        }
    }

    private func claimDue() async throws -> [Due] {
        let surroundings = calls.committer.surroundings
        let claim = surroundings.claim(for: ProviderCalls.claimDuration)
        let claimDue = ProviderCallStore.claimDue(
            now: surroundings.now(),
            claim: claim,
            limit: ProviderCallRecovery.concurrentMax,
            passingOver: calls.waiting
        )
        do {
            return try await find(claimDue, claim)
        } catch {
            calls.abandoned.add(claim)
            throw error
        }
    }

    private func find(_ claimDue: Command, _ claim: Claim) async throws -> [Due] {
        let pool = calls.committer.pool
        let claimed = try ProviderCallStore.decode(try await pool.execute(claimDue.statement, claimDue.parameters), claim: claim)
        guard !claimed.isEmpty else { return [] }
        let find = ChargeStore.find(ids: claimed.map(\.chargeID))
        let charges = try ChargeStore.decode(try await pool.execute(find.statement, find.parameters))
        let byID = Dictionary(uniqueKeysWithValues: charges.map { ($0.id, $0) })
        let refunds = try await refunds(of: claimed)
        return claimed.compactMap { call in
            byID[call.chargeID].map { charge in
                Due(call: call, charge: charge, refund: ProviderOperation.refundID(call.operation).flatMap { refunds[$0] })
            }
        }
    }

    private func refunds(of calls: [ProviderCall]) async throws -> [RefundID: Refund] {
        let ids = calls.compactMap { ProviderOperation.refundID($0.operation) }
        guard !ids.isEmpty else { return [:] }
        let find = RefundStore.find(ids: ids)
        let refunds = try RefundStore.decode(try await self.calls.committer.pool.execute(find.statement, find.parameters))
        return Dictionary(uniqueKeysWithValues: refunds.map { ($0.id, $0) })
    }
}
