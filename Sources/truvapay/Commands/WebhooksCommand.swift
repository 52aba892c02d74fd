import ArgumentParser
import Gateway
import Payments
import Storage

/// `truvapay webhooks`.
struct WebhooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhooks",
        abstract: "What providers sent: list, show, replay.",
        subcommands: [List.self, Show.self, Replay.self]
    )

    /// `truvapay webhooks list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The newest events.")

        @Option(help: "received, processed, ignored or failed.")
        var status: String?

        @Option(help: "How many.")
        var limit = 50

        @Option(help: "table, json or csv.")
        var format = ListingFormat.table

        func run() async throws {
            let status = try self.status.map { text in
                guard let status = InboxStatus(rawValue: text) else {
                    throw Refusal("there is no status \(text)", status: ExitStatus.usage)
                }
                return status
            }
            try await Database.withService { database in
                let events = try await WebhookEventReads.list(status: status, after: nil, limit: limit, on: database.reading)
                let rows = events.map { event in
                    [
                        event.id.description, event.provider.text, event.eventID, event.eventType, event.status.rawValue,
                        event.detail ?? "", event.receivedAt.rfc3339,
                    ]
                }
                let columns = ["id", "provider", "event_id", "event_type", "status", "detail", "received_at"]
                print(Listing(columns: columns, rows: rows).text(format))
            }
        }
    }

    /// `truvapay webhooks show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "One event's body, as received.")

        @Argument(help: "The event's id.")
        var id: String

        func run() async throws {
            guard let eventID = WebhookEventID(id) else { throw Refusal("\(id) is no event id", status: ExitStatus.usage) }
            try await Database.withService { database in
                guard let event = try await WebhookEventReads.event(eventID, on: database.reading) else {
                    throw Refusal("there is no such event")
                }
                print(String(decoding: event.body, as: UTF8.self))
            }
        }
    }

    /// `truvapay webhooks replay`.
    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Put an event back into the queue; harmless, because facts book once.")

        @Argument(help: "The event's id.")
        var id: String

        func run() async throws {
            guard let eventID = WebhookEventID(id) else { throw Refusal("\(id) is no event id", status: ExitStatus.usage) }
            try await Database.withService { database in
                guard try await database.operators.replay(eventID) else { throw Refusal("there is no such event") }
                print("queued \(eventID)")
            }
        }
    }
}
