import ArgumentParser
import Gateway
import Payments
import Storage

/// `truvapay notifications`.
struct NotificationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notifications",
        abstract: "What the order core was told: list, resend.",
        subcommands: [List.self, Resend.self]
    )

    /// `truvapay notifications list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The newest notifications.")

        @Option(help: "pending, delivered or dead.")
        var status: String?

        @Option(help: "How many.")
        var limit = 50

        @Option(help: "table, json or csv.")
        var format = ListingFormat.table

        func run() async throws {
            let status = try self.status.map { text in
                guard let status = DeliveryStatus(rawValue: text) else {
                    throw Refusal("there is no status \(text)", status: ExitStatus.usage)
                }
                return status
            }
            try await Database.withService { database in
                let notifications = try await NotificationReads.list(status: status, after: nil, limit: limit, on: database.reading)
                let rows = notifications.map { notification in
                    [
                        notification.id.description, notification.type, notification.orderingKey, notification.status.rawValue,
                        String(notification.attempts), notification.lastError ?? "", notification.createdAt.rfc3339,
                    ]
                }
                let columns = ["id", "type", "ordering_key", "status", "attempts", "last_error", "created_at"]
                print(Listing(columns: columns, rows: rows).text(format))
            }
        }
    }

    /// `truvapay notifications resend`.
    struct Resend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Send a notification again under its old id.")

        @Argument(help: "The notification's id.")
        var id: String

        func run() async throws {
            guard let notificationID = NotificationID(id) else { throw Refusal("\(id) is no notification id", status: ExitStatus.usage) }
            try await Database.withService { database in
                guard try await database.operators.resend(notificationID) else { throw Refusal("there is no such notification") }
                print("queued \(notificationID)")
            }
        }
    }
}
