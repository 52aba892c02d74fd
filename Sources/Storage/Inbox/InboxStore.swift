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

/// An event that is held for processing.
package struct ClaimedEvent: Sendable {
    package let event: InboxEvent
    /// Tries that failed.
    package let attempts: Int
}

/// What became of an event.
package struct InboxMark: Sendable {
    let id: WebhookEventID
    let status: InboxStatus
    let detail: String?
    let chargeID: ChargeID?

    /// Describes an outcome.
    package init(id: WebhookEventID, status: InboxStatus, detail: String?, chargeID: ChargeID?) {
        self.id = id
        self.status = status
        self.detail = detail
        self.chargeID = chargeID
    }
}

/// The inbox: each event once by provider and the provider's id.
package enum InboxStore {
    /// Writes events that are not there yet; `decodeInserted` tells which were new.
    package static func insert(_ events: [InboxEvent]) -> Command {
        Command(
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

    /// Holds events that are due until the end of the transaction, skipping what others hold.
    package static func claim(now: Timestamp, limit: Int) -> Command {
        Command(claimEvents, [.timestamp(now.microseconds), .int64(Int64(limit))])
    }

    /// Holds those of the events that are still to be processed, until the end of the transaction, skipping what others hold.
    package static func claim(_ ids: [WebhookEventID]) -> Command {
        Command(claimByID, [.uuids(ids.map(\.value))])
    }

    /// Reads which events are held.
    package static func decodeClaimedIDs(_ result: QueryResult) throws -> Set<WebhookEventID> {
        Set(try result.rows.map { try $0.identifier(0) })
    }

    /// Reads held events, the longest waiting first.
    package static func decodeClaimed(_ result: QueryResult) throws -> [ClaimedEvent] {
        try result.rows.map { row in
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
    }

    /// Ends the processing of events.
    package static func markProcessed(_ marks: [InboxMark], at now: Timestamp) -> Command {
        Command(
            markEvents,
            [
                .uuids(marks.map(\.id.value)), .texts(marks.map(\.status.rawValue)), .optionalTexts(marks.map(\.detail)),
                .optionalUUIDs(marks.map { $0.chargeID?.value }), .timestamp(now.microseconds),
            ]
        )
    }

    /// Puts an event off after a failed try.
    package static func reschedule(_ id: WebhookEventID, nextAttemptAt: Timestamp, detail: String) -> Command {
        Command(putOff, [.uuid(id.value), .timestamp(nextAttemptAt.microseconds), .text(detail)])
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
        ), states AS (
            INSERT INTO webhook_event_states (event_id, status, next_attempt_at) SELECT id, 'received', received_at FROM new
        )
        SELECT id FROM new
        """
    )

    private static let claimEvents = Statement(
        "inbox_claim",
        """
        SELECT e.id, e.provider, e.event_id, e.event_type, e.body, e.received_at, s.attempts
        FROM webhook_event_states s JOIN webhook_events e ON e.id = s.event_id
        WHERE s.status = 'received' AND s.next_attempt_at <= $1
        ORDER BY s.next_attempt_at LIMIT $2
        FOR UPDATE OF s SKIP LOCKED
        """
    )

    private static let claimByID = Statement(
        "inbox_claim_by_id",
        """
        SELECT event_id FROM webhook_event_states WHERE event_id = ANY($1::uuid[]) AND status = 'received'
        ORDER BY event_id FOR UPDATE SKIP LOCKED
        """
    )

    private static let markEvents = Statement(
        "inbox_mark",
        """
        UPDATE webhook_event_states s
        SET status = d.status, detail = d.detail, charge_id = coalesce(d.charge_id, s.charge_id), processed_at = $5,
            attempts = s.attempts + 1
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) AS d(id, status, detail, charge_id)
        WHERE s.event_id = d.id
        """
    )

    private static let putOff = Statement(
        "inbox_put_off",
        "UPDATE webhook_event_states SET attempts = attempts + 1, next_attempt_at = $2, detail = $3 WHERE event_id = $1"
    )

    private static let replayEvent = Statement(
        "inbox_replay",
        "UPDATE webhook_event_states SET status = 'received', attempts = 0, next_attempt_at = $2 WHERE event_id = $1"
    )
}
