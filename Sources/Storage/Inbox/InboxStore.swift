package import Payments
package import PostgreSQL
import StrictJSON

/// A verified webhook as it is kept.
package struct InboxEvent: Sendable {
    package let id: WebhookEventID
    package let provider: ProviderName
    /// The provider's id of the event.
    package let eventID: String
    package let eventType: String
    /// The headers that are kept.
    package let headers: [(String, String)]
    /// The bytes as received.
    package let body: [UInt8]
    package let receivedAt: Timestamp

    /// Describes an event.
    package init(
        id: WebhookEventID,
        provider: ProviderName,
        eventID: String,
        eventType: String,
        headers: [(String, String)],
        body: [UInt8],
        receivedAt: Timestamp
    ) {
        self.id = id
        self.provider = provider
        self.eventID = eventID
        self.eventType = eventType
        self.headers = headers
        self.body = body
        self.receivedAt = receivedAt
    }
}

/// How far an event is.
package enum InboxStatus: String, Sendable, Hashable, CaseIterable {
    case received
    case processed
    case ignored
    case failed
}

/// An event that was taken from the queue for processing.
package struct ClaimedEvent: Sendable {
    package let event: InboxEvent
    /// Tries that failed.
    package let attempts: Int
}

/// What became of an event.
package struct InboxMark: Sendable {
    let id: WebhookEventID
    let status: InboxStatus
    let attempts: Int
    let detail: String?
    let chargeID: ChargeID?

    /// Describes an outcome after so many tries, the last included.
    package init(id: WebhookEventID, status: InboxStatus, attempts: Int, detail: String?, chargeID: ChargeID?) {
        self.id = id
        self.status = status
        self.attempts = attempts
        self.detail = detail
        self.chargeID = chargeID
    }
}

/// The inbox: each event once by provider and the provider's id.
package enum InboxStore {
    /// Writes events that are not there yet; `decodeInserted` tells which were new.
    ///
    /// Two writers who meet the same events wait for each other's keys, so all of them write in the order of the keys.
    package static func insert(_ events: [InboxEvent]) -> Command {
        let events = events.sorted { ($0.eventID, $0.provider.text) < ($1.eventID, $1.provider.text) }
        return Command(
            insertEvents,
            [
                .uuids(events.map(\.id.value)), .texts(events.map(\.provider.text)), .texts(events.map(\.eventID)),
                .texts(events.map(\.eventType)), .texts(events.map { text(of: $0.headers) }), .bytesArray(events.map(\.body)),
                .timestamps(events.map(\.receivedAt.microseconds)),
            ]
        )
    }

    /// The ids of the events that `insert` wrote.
    package static func decodeInserted(_ result: QueryResult) throws -> Set<WebhookEventID> {
        Set(try result.rows.map { try $0.identifier(0) })
    }

    /// Lets the statements of a transaction find rows by their indexes, whatever size the planner believes the tables to have; goes first.
    ///
    /// The queue is empty whenever its size is learned, so a plan that is kept would read all of it for every batch of a backlog.
    package static func findByIndexes() -> Command {
        Command(indexesOnly)
    }

    /// Takes events that are due from the queue, skipping what others hold; if the transaction fails, they are in the queue again.
    package static func claim(now: Timestamp, limit: Int) -> Command {
        Command(claimEvents, [.timestamp(now.microseconds), .int64(Int64(limit))])
    }

    /// Takes those of the events from the queue that are still in it, after waiting for others who have them in hand.
    package static func claim(_ ids: [WebhookEventID]) -> Command {
        Command(claimByID, [.uuids(ids.map(\.value))])
    }

    /// Reads which events were taken.
    package static func decodeClaimedIDs(_ result: QueryResult) throws -> Set<WebhookEventID> {
        Set(try result.rows.map { try $0.identifier(0) })
    }

    /// Reads the events that were taken, in the order in which they were received.
    package static func decodeClaimed(_ result: QueryResult) throws -> [ClaimedEvent] {
        let events = try result.rows.map { row in
            let event = InboxEvent(
                id: try row.identifier(0),
                provider: ProviderName(try row.text(1)),
                eventID: try row.text(2),
                eventType: try row.text(3),
                headers: [],
                body: try row.bytes(4),
                receivedAt: try row.instant(5)
            )
            return ClaimedEvent(event: event, attempts: Int(try row.int32(6)))
        }
        return events.sorted { $0.event.id < $1.event.id }
    }

    /// Ends the processing of events that were taken.
    package static func markProcessed(_ marks: [InboxMark], at now: Timestamp) -> Command {
        Command(
            markEvents,
            [
                .uuids(marks.map(\.id.value)), .texts(marks.map(\.status.rawValue)), .int32s(marks.map { Int32($0.attempts) }),
                .optionalTexts(marks.map(\.detail)), .optionalUUIDs(marks.map { $0.chargeID?.value }), .timestamp(now.microseconds),
            ]
        )
    }

    /// Puts an event that was taken back into the queue after so many failed tries.
    package static func reschedule(_ id: WebhookEventID, nextAttemptAt: Timestamp, attempts: Int, detail: String) -> Command {
        Command(putOff, [.uuid(id.value), .timestamp(nextAttemptAt.microseconds), .int32(Int32(attempts)), .text(detail)])
    }

    /// Puts events that were taken back into the queue, all until the same time.
    package static func putOff(_ events: [(id: WebhookEventID, attempts: Int)], until time: Timestamp, detail: String) -> Command {
        Command(
            putOffMany,
            [
                .uuids(events.map(\.id.value)), .timestamp(time.microseconds), .int32s(events.map { Int32($0.attempts) }), .text(detail),
            ]
        )
    }

    /// Puts an event back into the queue, whatever became of it.
    package static func replay(_ id: WebhookEventID, at now: Timestamp) -> Command {
        Command(replayEvent, [.uuid(id.value), .timestamp(now.microseconds)])
    }

    private static func text(of headers: [(String, String)]) -> String {
        JSONValue.object(JSONObject(headers.map { ($0.0, .string($0.1)) })).text
    }

    private static let insertEvents = Statement(
        "inbox_insert",
        """
        WITH new AS (
            INSERT INTO webhook_events (id, provider, event_id, event_type, headers, body, received_at)
            SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::timestamptz[])
            ON CONFLICT (provider, event_id) DO NOTHING
            RETURNING id, received_at
        ), waiting AS (
            INSERT INTO webhook_event_queue (event_id, next_attempt_at) SELECT id, received_at FROM new
        )
        SELECT id FROM new
        """
    )

    private static let indexesOnly = Statement("inbox_indexes_only", "SET LOCAL enable_seqscan = off")

    private static let claimEvents = Statement(
        "inbox_claim",
        """
        WITH due AS (
            SELECT event_id FROM webhook_event_queue WHERE next_attempt_at <= $1 ORDER BY event_id LIMIT $2 FOR UPDATE SKIP LOCKED
        ), replayed AS (
            DELETE FROM webhook_event_states s USING due WHERE s.event_id = due.event_id
        )
        DELETE FROM webhook_event_queue q USING due JOIN webhook_events e ON e.id = due.event_id WHERE q.event_id = due.event_id
        RETURNING e.id, e.provider, e.event_id, e.event_type, e.body, e.received_at, q.attempts
        """
    )

    private static let claimByID = Statement(
        "inbox_claim_by_id",
        "DELETE FROM webhook_event_queue WHERE event_id = ANY($1::uuid[]) RETURNING event_id"
    )

    private static let markEvents = Statement(
        "inbox_mark",
        """
        INSERT INTO webhook_event_states (event_id, status, attempts, detail, charge_id, processed_at)
        SELECT d.*, $6 FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::uuid[]) AS d
        """
    )

    private static let putOff = Statement(
        "inbox_put_off",
        "INSERT INTO webhook_event_queue (event_id, next_attempt_at, attempts, detail) VALUES ($1, $2, $3, $4)"
    )

    private static let putOffMany = Statement(
        "inbox_put_off_many",
        """
        INSERT INTO webhook_event_queue (event_id, next_attempt_at, attempts, detail)
        SELECT d.event_id, $2, d.attempts, $4 FROM unnest($1::uuid[], $3::int[]) AS d(event_id, attempts)
        """
    )

    private static let replayEvent = Statement(
        "inbox_replay",
        """
        INSERT INTO webhook_event_queue (event_id, next_attempt_at) SELECT id, $2 FROM webhook_events WHERE id = $1
        ON CONFLICT (event_id) DO UPDATE SET next_attempt_at = excluded.next_attempt_at, attempts = 0
        """
    )
}
