package import Payments
package import PostgreSQL

/// A call to a provider that is to be made, or is being made by whoever holds the claim.
package struct ProviderCall: Sendable, Hashable {
    package let chargeID: ChargeID
    package let operation: String
    /// Tries so far, the one under way included.
    package let attempts: Int
    package let nextAttemptAt: Timestamp
    /// Fences the claim: only who knows it may write the outcome.
    package let claimToken: UInt128?
    /// Until when others leave the call alone.
    package let claimedUntil: Timestamp?

    /// Describes a call.
    package init(
        chargeID: ChargeID,
        operation: String,
        attempts: Int,
        nextAttemptAt: Timestamp,
        claimToken: UInt128?,
        claimedUntil: Timestamp?
    ) {
        self.chargeID = chargeID
        self.operation = operation
        self.attempts = attempts
        self.nextAttemptAt = nextAttemptAt
        self.claimToken = claimToken
        self.claimedUntil = claimedUntil
    }
}

/// Calls to providers; a claimed call is due again when its claim is over.
package enum ProviderCallStore {
    /// Writes new calls; one that is there already stays as it is.
    package static func insert(_ calls: [ProviderCall], at now: Timestamp) -> Command {
        Command(
            insertCalls,
            [
                .uuids(calls.map(\.chargeID.value)), .texts(calls.map(\.operation)), .int32s(calls.map { Int32($0.attempts) }),
                .timestamps(calls.map { ($0.claimedUntil ?? $0.nextAttemptAt).microseconds }), .optionalUUIDs(calls.map(\.claimToken)),
                .timestamp(now.microseconds),
            ]
        )
    }

    /// Claims calls that are due, skipping what others claim at this moment.
    package static func claimDue(now: Timestamp, until: Timestamp, token: UInt128, limit: Int) -> Command {
        Command(claim, [.timestamp(now.microseconds), .timestamp(until.microseconds), .uuid(token), .int64(Int64(limit))])
    }

    /// Ends a call; no row is affected when the claim was lost.
    package static func finish(_ call: ProviderCall, at now: Timestamp) -> Command {
        Command(
            finishCall,
            [.uuid(call.chargeID.value), .text(call.operation), .optional(call.claimToken) { .uuid($0) }, .timestamp(now.microseconds)]
        )
    }

    /// Lets a call be due again later; no row is affected when the claim was lost.
    package static func reschedule(_ call: ProviderCall, nextAttemptAt: Timestamp, lastError: String, at now: Timestamp) -> Command {
        Command(
            rescheduleCall,
            [
                .uuid(call.chargeID.value), .text(call.operation), .optional(call.claimToken) { .uuid($0) },
                .timestamp(now.microseconds), .timestamp(nextAttemptAt.microseconds), .text(lastError),
            ]
        )
    }

    /// Reads claimed calls.
    package static func decode(_ result: QueryResult) throws -> [ProviderCall] {
        try result.rows.map { row in
            ProviderCall(
                chargeID: try row.identifier(0),
                operation: try row.text(1),
                attempts: Int(try row.int32(2)),
                nextAttemptAt: try row.instant(3),
                claimToken: try row.optionalUUID(4),
                claimedUntil: try row.instant(3)
            )
        }
    }

    private static let insertCalls = Statement(
        "provider_calls_insert",
        """
        INSERT INTO provider_calls (charge_id, operation, attempts, next_attempt_at, claim_token, created_at, updated_at)
        SELECT d.*, $6, $6 FROM unnest($1::uuid[], $2::text[], $3::int[], $4::timestamptz[], $5::uuid[]) AS d
        ON CONFLICT DO NOTHING
        """
    )

    private static let claim = Statement(
        "provider_calls_claim",
        """
        UPDATE provider_calls p SET claim_token = $3, next_attempt_at = $2, attempts = p.attempts + 1, updated_at = $1
        FROM (SELECT charge_id, operation FROM provider_calls WHERE state = 'pending' AND next_attempt_at <= $1
            ORDER BY next_attempt_at LIMIT $4 FOR UPDATE SKIP LOCKED) AS due
        WHERE p.charge_id = due.charge_id AND p.operation = due.operation
        RETURNING p.charge_id, p.operation, p.attempts, p.next_attempt_at, p.claim_token
        """
    )

    private static let finishCall = Statement(
        "provider_calls_finish",
        """
        UPDATE provider_calls SET state = 'done', claim_token = NULL, updated_at = $4
        WHERE charge_id = $1 AND operation = $2 AND claim_token = $3 AND state = 'pending'
        """
    )

    private static let rescheduleCall = Statement(
        "provider_calls_reschedule",
        """
        UPDATE provider_calls SET next_attempt_at = $5, last_error = $6, claim_token = NULL, updated_at = $4
        WHERE charge_id = $1 AND operation = $2 AND claim_token = $3 AND state = 'pending'
        """
    )
}
