import Payments
import PostgreSQL
import Storage

/// What a step of a withdrawal writes beside its entries, in the same commit.
enum WithdrawalWriting {
    /// What the ledger is asked for.
    static func requests(_ step: WithdrawalStep, surroundings: Surroundings) -> [PostingRequest] {
        step.postings.map { content in
            switch content {
            case .entry(let entry): PostingRequest(surroundings.identifier(), entry)
            case .resolution(let resolution): PostingRequest(surroundings.identifier(), resolution)
            }
        }
    }

    /// Stops the commit when the ledger has refused anything.
    ///
    /// - Throws: `LedgerRefusal` with the first reason.
    static func check(_ results: [PostingResult]) throws {
        for result in results where result != .created && result != .exists { throw LedgerRefusal(result: result) }
    }

    /// Everything but the entries; `before` is the withdrawal as it is stored, nil when it is new.
    static func commands(_ step: WithdrawalStep, before: Withdrawal?, surroundings: Surroundings) -> [Command] {
        let now = surroundings.now()
        let after = step.withdrawal
        var commands = before == nil ? [WithdrawalStore.insert(after)] : []
        if let decision = after.decision, before?.decision == nil {
            commands.append(WithdrawalStore.insert(decision, about: after))
            if decision.isApproved { commands.append(PayoutCallStore.insert(after.id, at: now)) }
        }
        if before != nil { commands.append(WithdrawalStore.update(after)) }
        if !step.exceptions.isEmpty {
            commands.append(ExceptionStore.insert(step.exceptions.map { (surroundings.identifier(), $0) }, at: now))
        }
        return commands + NotificationWriting.commands(step.notifications, surroundings: surroundings)
    }
}
