package import Payments
package import PostgreSQL
import Storage

/// What operators ask for by hand: process a webhook again, send a notification again.
package struct OperatorRequests: Sendable {
    private let pool: ConnectionPool
    private let surroundings: Surroundings
    private let processing: WorkSignal
    private let delivery: WorkSignal

    /// Acts through `pool` and wakes the workers.
    package init(pool: ConnectionPool, surroundings: Surroundings, processing: WorkSignal, delivery: WorkSignal) {
        self.pool = pool
        self.surroundings = surroundings
        self.processing = processing
        self.delivery = delivery
    }

    /// Puts a stored webhook back into the queue; harmless, because facts book once.
    ///
    /// False when there is no such event.
    package func replay(_ id: WebhookEventID) async throws -> Bool {
        let command = InboxStore.replay(id, at: surroundings.now())
        let found = try await pool.execute(command.statement, command.parameters).affectedRows > 0
        if found { processing.raise() }
        return found
    }

    /// Puts a notification back into the queue under its old id, and resumes paused deliveries.
    ///
    /// False when there is no such notification.
    package func resend(_ id: NotificationID) async throws -> Bool {
        let command = OutboxStore.resend(id, at: surroundings.now())
        let found = try await pool.execute(command.statement, command.parameters).affectedRows > 0
        if found {
            let resume = OutboxStore.resumeEndpoints()
            _ = try await pool.execute(resume.statement, resume.parameters)
            delivery.raise()
        }
        return found
    }
}
