import Payments
import PostgreSQL
import Storage

/// Writes notifications into the outbox, in the commit that made them true.
enum NotificationWriting {
    /// The commands that write `notifications`, none when there are none.
    static func commands(_ notifications: [OrderCoreNotification], surroundings: Surroundings) -> [Command] {
        guard !notifications.isEmpty else { return [] }
        let rows = notifications.map { notification in
            NewNotification(
                id: surroundings.identifier(),
                notification: notification,
                body: NotificationDocument.body(of: notification)
            )
        }
        return [OutboxStore.insert(rows, at: surroundings.now())]
    }
}
