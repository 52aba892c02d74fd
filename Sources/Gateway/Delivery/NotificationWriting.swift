import Payments
import PostgreSQL
import Storage

/// Writes notifications into the outbox, in the commit that made them true.
enum NotificationWriting {
    /// The commands that write `notifications`, none when there are none.
    static func commands(_ notifications: [OrderCoreNotification], surroundings: Surroundings) -> [Command] {
        commands(notifications.map { ($0, nil) }, surroundings: surroundings)
    }

    /// The commands that write notifications, some of them with the document of their charge as it was answered: the picture of a QR in it
    /// costs more than everything else.
    static func commands(
        _ notifications: [(notification: OrderCoreNotification, chargeDocument: [UInt8]?)],
        surroundings: Surroundings
    ) -> [Command] {
        guard !notifications.isEmpty else { return [] }
        let rows = notifications.map { notification, chargeDocument in
            NewNotification(
                id: surroundings.identifier(),
                notification: notification,
                body: NotificationDocument.body(of: notification, chargeDocument: chargeDocument)
            )
        }
        return [OutboxStore.insert(rows, at: surroundings.now())]
    }
}
