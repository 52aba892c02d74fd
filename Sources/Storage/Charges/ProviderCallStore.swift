package import Payments
package import PostgreSQL

/// A call to a provider that is to be made, or is being made by whoever holds the claim.
package struct ProviderCall: Sendable, Hashable {
    package let chargeID: ChargeID
    package let operation: String
    /// Tries so far, the one under way included.
    package let attempts: Int
    package let nextAttemptAt: Timestamp
    /// Who makes the call now, if anybody.
    package let claim: Claim?

    /// Describes a call.
    package init(
        chargeID: ChargeID,
        operation: String,
        attempts: Int,
        nextAttemptAt: Timestamp,
        claim: Claim?
    ) {
        self.chargeID = chargeID
        self.operation = operation
        self.attempts = attempts
        self.nextAttemptAt = nextAttemptAt
        self.claim = claim
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
                .timestamps(calls.map { ($0.claim?.until ?? $0.nextAttemptAt).microseconds }),
                .optionalUUIDs(calls.map(\.claim?.token)), .optionalUUIDs(calls.map(\.claim?.holder.value)), .timestamp(now.microseconds),
            ]
        )
    }

    /// Claims calls that are due, skipping what others claim at this moment.
    package static func claimDue(now: Timestamp, claim: Claim, limit: Int) -> Command {
        Command(
            claimCalls,
            [
                .timestamp(now.microseconds), .timestamp(claim.until.microseconds), .uuid(claim.token), .int64(Int64(limit)),
                .uuid(claim.holder.value),
            ]
        )
    }

    /// Finds the charge's calls that somebody makes, or is about to make, and not those that were put off.
    package static func findUnderWay(of charge: ChargeID, at now: Timestamp) -> Command {
        Command(findCallsUnderWay, [.uuid(charge.value), .timestamp(now.microseconds)])
    }

    /// Ends a call; no row is affected when the claim was lost.
    package static func finish(_ call: ProviderCall, at now: Timestamp) -> Command {
        Command(
            finishCall,
            [.uuid(call.chargeID.value), .text(call.operation), .optional(call.claim?.token) { .uuid($0) }, .timestamp(now.microseconds)]
        )
    }

    /// Lets a call be due again later; no row is affected when the claim was lost.
    package static func reschedule(_ call: ProviderCall, nextAttemptAt: Timestamp, lastError: String, at now: Timestamp) -> Command {
        Command(
            rescheduleCall,
            [
                .uuid(call.chargeID.value), .text(call.operation), .optional(call.claim?.token) { .uuid($0) },
                .timestamp(now.microseconds), .timestamp(nextAttemptAt.microseconds), .text(lastError),
            ]
        )
    }

    /// Reads claimed calls.
    package static func decode(_ result: QueryResult, claim: Claim) throws -> [ProviderCall] {
        try result.rows.map { row in
            ProviderCall(
                chargeID: try row.identifier(0),
                operation: try row.text(1),
                attempts: Int(try row.int32(2)),
                nextAttemptAt: try row.instant(3),
                claim: claim
            )
        }
    }

    private static let insertCalls = Statement(
        "provider_calls_insert",
        """
        INSERT INTO provider_calls (charge_id, operation, attempts, next_attempt_at, claim_token, claimed_by, created_at, updated_at)
        SELECT d.*, $7, $7 FROM unnest($1::uuid[], $2::text[], $3::int[], $4::timestamptz[], $5::uuid[], $6::uuid[]) AS d
        ON CONFLICT DO NOTHING
        """
    )

    private static let claimCalls = Statement(
        "provider_calls_claim",
        """
        UPDATE provider_calls p SET claim_token = $3, claimed_by = $5, next_attempt_at = $2, attempts = p.attempts + 1, updated_at = $1
        FROM (SELECT charge_id, operation FROM provider_calls WHERE state = 'pending' AND next_attempt_at <= $1
            ORDER BY next_attempt_at LIMIT $4 FOR UPDATE SKIP LOCKED) AS due
        WHERE p.charge_id = due.charge_id AND p.operation = due.operation
        RETURNING p.charge_id, p.operation, p.attempts, p.next_attempt_at
        """
    )

    private static let findCallsUnderWay = Statement(
        "provider_calls_under_way",
        """
        SELECT operation FROM provider_calls
        WHERE charge_id = $1 AND state = 'pending' AND (claim_token IS NOT NULL OR next_attempt_at <= $2)
        """
    )

    private static let finishCall = Statement(
        "provider_calls_finish",
        """
        UPDATE provider_calls SET state = 'done', claim_token = NULL, claimed_by = NULL, updated_at = $4
        WHERE charge_id = $1 AND operation = $2 AND claim_token = $3 AND state = 'pending'
        """
    )

    private static let rescheduleCall = Statement(
        "provider_calls_reschedule",
        """
        UPDATE provider_calls SET next_attempt_at = $5, last_error = $6, claim_token = NULL, claimed_by = NULL, updated_at = $4
        WHERE charge_id = $1 AND operation = $2 AND claim_token = $3 AND state = 'pending'
        """
    )
}
