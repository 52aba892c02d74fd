package import Payments
package import PostgreSQL

/// The call that carries a withdrawal out, as whoever claimed it knows it.
package struct PayoutCall: Sendable, Hashable {
    package let withdrawalID: WithdrawalID
    /// Tries since it last was told something, the one under way included.
    package let attempts: Int
    /// Until when an earlier attempt, whose outcome is not known, may still be carried out by the provider; nil when there was none.
    package let doubtUntil: Timestamp?
    /// Whether the provider is to take the money back where it still can.
    package let takesBack: Bool
    package let claim: Claim

    /// Whether a refusal of this attempt proves nothing, because an earlier one may have been taken.
    package func isDoubtful(at now: Timestamp) -> Bool {
        doubtUntil.map { now < $0 } ?? false
    }
}

/// Calls that send payouts and look for them: one for each approved withdrawal, due again when its claim is over.
///
/// A store of its own beside `ProviderCallStore`: those calls belong to charges, and are locked, fetched and shown with them.
package enum PayoutCallStore {
    /// Writes the call of a withdrawal that was approved, due at once; the database takes no other.
    package static func insert(_ id: WithdrawalID, at now: Timestamp) -> Command {
        Command(insertCall, [.uuid(id.value), .timestamp(now.microseconds)])
    }

    /// What a provider has not carried out or refused an hour after its claim was over it has not taken: it would know its own order.
    private static let doubt = Duration.seconds(3600)

    /// Claims calls that are due, skipping what others claim at this moment, and the calls of some providers.
    package static func claimDue(now: Timestamp, claim: Claim, limit: Int, passingOver providers: [ProviderName] = []) -> Command {
        Command(
            claimCalls,
            [
                .timestamp(now.microseconds), .timestamp(claim.until.microseconds), .uuid(claim.token), .int64(Int64(limit)),
                .uuid(claim.holder.value), .texts(providers.map(\.text)), .timestamp(claim.until.advanced(by: doubt).microseconds),
            ]
        )
    }

    /// Reads claimed calls.
    package static func decode(_ result: QueryResult, claim: Claim) throws -> [PayoutCall] {
        try result.rows.map { row in
            PayoutCall(
                withdrawalID: try row.identifier(0),
                attempts: Int(try row.int32(1)),
                doubtUntil: try row.optionalInstant(3),
                takesBack: try row.bool(2),
                claim: claim
            )
        }
    }

    /// Ends a call; no row is affected when the claim was lost.
    package static func finish(_ call: PayoutCall, lastError: String? = nil, at now: Timestamp) -> Command {
        Command(
            finishCall,
            [
                .uuid(call.withdrawalID.value), .uuid(call.claim.token), .timestamp(now.microseconds),
                .optional(lastError) { .text($0) },
            ]
        )
    }

    /// Lets a call be due again later; no row is affected when the claim was lost.
    ///
    /// Without an error the provider has answered; with `didNothing` this attempt certainly had no effect.
    package static func reschedule(
        _ call: PayoutCall,
        nextAttemptAt: Timestamp,
        lastError: String?,
        didNothing: Bool,
        at now: Timestamp
    ) -> Command {
        Command(
            rescheduleCall,
            [
                .uuid(call.withdrawalID.value), .uuid(call.claim.token), .timestamp(now.microseconds),
                .timestamp(nextAttemptAt.microseconds), .optional(lastError) { .text($0) }, .bool(didNothing),
                .optional(call.doubtUntil) { .timestamp($0.microseconds) },
            ]
        )
    }

    /// Asks for withdrawals to be looked up, also when that was done or is under way; ids that were never approved are passed over.
    ///
    /// A look-up that is under way may have seen what was before, so it loses its claim and is made again.
    package static func requestFetch(_ ids: [WithdrawalID], at now: Timestamp) -> Command {
        Command(requestFetches, [.uuids(ids.map(\.value)), .timestamp(now.microseconds)])
    }

    /// Asks for the money of a withdrawal to be taken back; what is under way loses its claim.
    package static func requestReturn(_ id: WithdrawalID, at now: Timestamp) -> Command {
        Command(requestTakingBack, [.uuid(id.value), .timestamp(now.microseconds)])
    }

    private static let insertCall = Statement(
        "payout_calls_insert",
        "INSERT INTO payout_calls (withdrawal_id, attempts, next_attempt_at, created_at, updated_at) VALUES ($1, 0, $2, $2, $2)"
    )

    private static let claimCalls = Statement(
        "payout_calls_claim",
        """
        UPDATE payout_calls p SET claim_token = $3, claimed_by = $5, next_attempt_at = $2, attempts = p.attempts + 1,
            doubt_until = $7, updated_at = $1
        FROM (SELECT d.withdrawal_id, d.doubt_until FROM payout_calls d WHERE d.state = 'pending' AND d.next_attempt_at <= $1
                AND (cardinality($6::text[]) = 0
                    OR NOT EXISTS (SELECT FROM withdrawals w WHERE w.id = d.withdrawal_id AND w.provider = ANY($6::text[])))
            ORDER BY d.next_attempt_at LIMIT $4 FOR UPDATE OF d SKIP LOCKED) AS due
        WHERE p.withdrawal_id = due.withdrawal_id
        RETURNING p.withdrawal_id, p.attempts, p.takes_back, due.doubt_until
        """
    )

    private static let finishCall = Statement(
        "payout_calls_finish",
        """
        UPDATE payout_calls SET state = 'done', takes_back = false, claim_token = NULL, claimed_by = NULL, updated_at = $3, last_error = $4
        WHERE withdrawal_id = $1 AND claim_token = $2 AND state = 'pending'
        """
    )

    private static let rescheduleCall = Statement(
        "payout_calls_reschedule",
        """
        UPDATE payout_calls SET next_attempt_at = $4, last_error = $5, claim_token = NULL, claimed_by = NULL, updated_at = $3,
            doubt_until = CASE WHEN $6 THEN $7 ELSE doubt_until END, takes_back = takes_back AND $5::text IS NOT NULL
        WHERE withdrawal_id = $1 AND claim_token = $2 AND state = 'pending'
        """
    )

    private static let requestTakingBack = Statement(
        "payout_calls_take_back",
        """
        UPDATE payout_calls SET state = 'pending', takes_back = true, attempts = 0, next_attempt_at = $2, claim_token = NULL,
            claimed_by = NULL, last_error = NULL, updated_at = $2
        WHERE withdrawal_id = $1
        """
    )

    private static let requestFetches = Statement(
        "payout_calls_request_fetch",
        """
        UPDATE payout_calls SET state = 'pending', attempts = 0, next_attempt_at = $2, claim_token = NULL, claimed_by = NULL,
            last_error = NULL, updated_at = $2
        WHERE withdrawal_id = ANY($1::uuid[])
        """
    )
}
