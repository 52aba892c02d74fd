package import Payments
package import PostgreSQL

/// One thing that happened to a charge.
package struct TimelineItem: Sendable, Hashable {
    package let at: Timestamp
    package let kind: Kind
    /// What it was: an operation, an event type, a kind of entry, a type of notification.
    package let name: String
    /// What became of it.
    package let detail: String?
    /// Our id of it, where it has one.
    package let reference: String?

    /// What can happen.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The order core asked for something.
        case request
        /// The provider was asked; the time is that of the last news.
        case providerCall = "provider_call"
        /// The provider told something.
        case webhook
        /// Money was booked.
        case ledgerEntry = "ledger_entry"
        /// The order core was told.
        case notification
    }
}

/// Everything that happened to a charge, for those who look.
package enum TimelineReads {
    private static let itemsMax = 1000

    /// The first thousand things in their order.
    package static func timeline(of charge: Charge, on pool: ConnectionPool) async throws -> [TimelineItem] {
        let causes = try await causes(of: charge, on: pool)
        let result = try await pool.execute(
            selectItems,
            [.uuid(charge.id.value), .texts(causes), .int64(Int64(itemsMax))]
        )
        return try result.rows.map { row in
            let kind = try row.value(1, TimelineItem.Kind.init(rawValue:))
            return TimelineItem(
                at: try row.instant(0),
                kind: kind,
                name: try row.text(2),
                detail: try row.optionalText(3),
                reference: try row.optionalUUID(4).map { reference(kind, $0) } ?? (try row.optionalText(5))
            )
        }
    }

    /// What the notifications about a charge follow from: its own versions, those of its refunds and disputes, and its entries in suspense.
    private static func causes(of charge: Charge, on pool: ConnectionPool) async throws -> [String] {
        let find = (RefundStore.find(ofCharge: charge.id), DisputeStore.find(ofCharge: charge.id))
        let refunds = try RefundStore.decode(try await pool.execute(find.0.statement, find.0.parameters))
        let disputes = try DisputeStore.decode(try await pool.execute(find.1.statement, find.1.parameters))
        let versions = { (id: String, last: Int64) in (1...max(1, last)).map { "\(id):\($0)" } }
        return versions(charge.id.description, charge.version) + refunds.flatMap { versions($0.id.description, $0.version) }
            + disputes.flatMap { versions($0.id.description, $0.version) }
    }

    private static func reference(_ kind: TimelineItem.Kind, _ value: UInt128) -> String {
        switch kind {
        case .request, .providerCall: ChargeID(value: value).description
        case .webhook: WebhookEventID(value: value).description
        case .ledgerEntry: EntryID(value: value).description
        case .notification: NotificationID(value: value).description
        }
    }

    private static let selectItems = Statement(
        "charge_timeline",
        """
        SELECT at, kind, name, detail, id, reference FROM (
            SELECT c.created_at AS at, 1 AS rank, 'request' AS kind, 'create' AS name, NULL::text AS detail, c.id AS id,
                NULL::text AS reference
            FROM charges c WHERE c.id = $1
            UNION ALL SELECT p.created_at, 1, 'request', split_part(p.operation, ':', 1), NULL, NULL,
                nullif(split_part(p.operation, ':', 2), '')
            FROM provider_calls p WHERE p.charge_id = $1 AND split_part(p.operation, ':', 1) IN ('capture', 'cancel', 'refund')
            UNION ALL SELECT p.updated_at, 2, 'provider_call', split_part(p.operation, ':', 1),
                p.state || coalesce(': ' || p.last_error, ''), NULL, nullif(split_part(p.operation, ':', 2), '')
            FROM provider_calls p WHERE p.charge_id = $1
            UNION ALL SELECT e.received_at, 3, 'webhook', e.event_type, coalesce(s.detail, s.status), e.id, NULL
            FROM webhook_event_states s JOIN webhook_events e ON e.id = s.event_id WHERE s.charge_id = $1
            UNION ALL SELECT j.posted_at, 4, 'ledger_entry', j.kind, j.cause, j.id, NULL
            FROM journal_entries j WHERE j.charge_id = $1
            UNION ALL SELECT n.created_at, 5, 'notification', n.type, d.status, n.id, NULL
            FROM notifications n JOIN notification_deliveries d ON d.notification_id = n.id
            WHERE n.cause = ANY($2::text[])
                OR n.cause IN (SELECT j.cause FROM journal_entries j WHERE j.charge_id = $1 AND j.kind = 'suspense')
        ) AS items
        ORDER BY at, rank LIMIT $3
        """
    )
}
