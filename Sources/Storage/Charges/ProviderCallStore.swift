package import Payments
package import PostgreSQL

/// A call to a provider that is to be made, or is being made by whoever holds the claim.
package struct ProviderCall: Sendable, Hashable {
    package let chargeID: ChargeID
    package let operation: String
    /// How much a capture shall take.
    package let amount: Amount?
    /// Tries so far, the one under way included.
    package let attempts: Int
    package let nextAttemptAt: Timestamp
    /// Who makes the call now, if anybody.
    package let claim: Claim?

    /// Describes a call.
    package init(
        chargeID: ChargeID,
        operation: String,
        amount: Amount? = nil,
        attempts: Int,
        nextAttemptAt: Timestamp,
        claim: Claim?
    ) {
        self.chargeID = chargeID
        self.operation = operation
        self.amount = amount
        self.attempts = attempts
        self.nextAttemptAt = nextAttemptAt
        self.claim = claim
    }
}

/// Calls to providers; a claimed call is due again when its claim is over.
package enum ProviderCallStore {
    /// Writes new calls; one that is there already stays as it is, but a capture or a cancellation that has ended begins anew.
    package static func insert(_ calls: [ProviderCall], at now: Timestamp) -> Command {
        Command(
            insertCalls,
            [
                .uuids(calls.map(\.chargeID.value)), .texts(calls.map(\.operation)), .int32s(calls.map { Int32($0.attempts) }),
                .timestamps(calls.map { ($0.claim?.until ?? $0.nextAttemptAt).microseconds }),
                .optionalUUIDs(calls.map(\.claim?.token)), .optionalUUIDs(calls.map(\.claim?.holder.value)), .timestamp(now.microseconds),
                .optionalNumerics(calls.map { $0.amount?.minorUnits }), .optionalTexts(calls.map { $0.amount?.asset.code }),
            ]
        )
    }

    /// Asks for the charges to be looked up at their providers, also when that was done or is under way; names that no charge has are
    /// passed over.
    package static func requestFetch(ids: [ChargeID], references: [ProviderReference], at now: Timestamp) -> Command {
        Command(
            requestFetches,
            [
                .uuids(ids.map(\.value)), .texts(references.map(\.provider.text)), .texts(references.map(\.text)),
                .timestamp(now.microseconds),
            ]
        )
    }

    /// Finds all of the charge's calls that have not ended.
    package static func findOpen(of charge: ChargeID) -> Command {
        Command(findOpenCalls, [.uuid(charge.value)])
    }

    /// Reads the names of calls that were found.
    package static func decodeNames(_ result: QueryResult) throws -> Set<String> {
        Set(try result.rows.map { try $0.text(0) })
    }

    /// Claims calls that are due, skipping what others claim at this moment, and the calls of some providers.
    package static func claimDue(now: Timestamp, claim: Claim, limit: Int, passingOver providers: [ProviderName] = []) -> Command {
        Command(
            claimCalls,
            [
                .timestamp(now.microseconds), .timestamp(claim.until.microseconds), .uuid(claim.token), .int64(Int64(limit)),
                .uuid(claim.holder.value), .texts(providers.map(\.text)),
            ]
        )
    }

    /// Finds the charge's call of a name if somebody makes it, or is about to make it, and not if it was put off.
    package static func findUnderWay(_ operation: String, of charge: ChargeID, at now: Timestamp) -> Command {
        Command(findCallsUnderWay, [.uuid(charge.value), .timestamp(now.microseconds), .text(operation)])
    }

    /// Ends a call, with the reason if the provider refused; no row is affected when the claim was lost.
    package static func finish(_ call: ProviderCall, lastError: String? = nil, at now: Timestamp) -> Command {
        Command(
            finishCall,
            [
                .uuid(call.chargeID.value), .text(call.operation), .optional(call.claim?.token) { .uuid($0) }, .timestamp(now.microseconds),
                .optional(lastError) { .text($0) },
            ]
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
                amount: try amount(row),
                attempts: Int(try row.int32(2)),
                nextAttemptAt: try row.instant(3),
                claim: claim
            )
        }
    }

    private static func amount(_ row: Row) throws -> Amount? {
        guard let minorUnits = try row.optionalNumeric(4), let asset = try row.optionalValue(5, { Asset(code: $0) }) ?? nil else {
            return nil
        }
        return Amount(minorUnits: minorUnits, asset: asset)
    }

    private static let insertCalls = Statement(
        "provider_calls_insert",
        """
        INSERT INTO provider_calls (charge_id, operation, attempts, next_attempt_at, claim_token, claimed_by, amount, asset, created_at,
            updated_at)
        SELECT d.*, $7, $7 FROM unnest($1::uuid[], $2::text[], $3::int[], $4::timestamptz[], $5::uuid[], $6::uuid[], $8::numeric[],
            $9::text[]) AS d
        ON CONFLICT (charge_id, operation) DO UPDATE SET state = 'pending', attempts = excluded.attempts,
            next_attempt_at = excluded.next_attempt_at, claim_token = excluded.claim_token, claimed_by = excluded.claimed_by,
            amount = excluded.amount, asset = excluded.asset, last_error = NULL, updated_at = excluded.updated_at
        WHERE provider_calls.state = 'done' AND excluded.operation IN ('capture', 'cancel')
        """
    )

    private static let claimCalls = Statement(
        "provider_calls_claim",
        """
        UPDATE provider_calls p SET claim_token = $3, claimed_by = $5, next_attempt_at = $2, attempts = p.attempts + 1, updated_at = $1
        FROM (SELECT d.charge_id, d.operation FROM provider_calls d WHERE d.state = 'pending' AND d.next_attempt_at <= $1
                AND (cardinality($6::text[]) = 0
                    OR NOT EXISTS (SELECT FROM charges c WHERE c.id = d.charge_id AND c.provider = ANY($6::text[])))
            ORDER BY d.next_attempt_at LIMIT $4 FOR UPDATE OF d SKIP LOCKED) AS due
        WHERE p.charge_id = due.charge_id AND p.operation = due.operation
        RETURNING p.charge_id, p.operation, p.attempts, p.next_attempt_at, p.amount, p.asset
        """
    )

    private static let findCallsUnderWay = Statement(
        "provider_calls_under_way",
        """
        SELECT operation FROM provider_calls
        WHERE charge_id = $1 AND operation = $3 AND state = 'pending' AND (claim_token IS NOT NULL OR next_attempt_at <= $2)
        """
    )

    private static let findOpenCalls = Statement(
        "provider_calls_open",
        "SELECT operation FROM provider_calls WHERE charge_id = $1 AND state = 'pending'"
    )

    /// A look-up that is under way may have seen what was before the event, so it loses its claim and is made again.
    private static let requestFetches = Statement(
        "provider_calls_request_fetch",
        """
        INSERT INTO provider_calls (charge_id, operation, attempts, next_attempt_at, created_at, updated_at)
        SELECT d.charge_id, 'fetch', 0, $4, $4, $4 FROM (
            SELECT id AS charge_id FROM charges WHERE id = ANY($1::uuid[])
            UNION SELECT c.charge_id FROM unnest($2::text[], $3::text[]) AS n(provider, reference)
                JOIN charge_references c ON c.provider = n.provider AND c.reference = n.reference AND c.charge_id IS NOT NULL) AS d
        ON CONFLICT (charge_id, operation) DO UPDATE SET state = 'pending', attempts = 0, next_attempt_at = excluded.next_attempt_at,
            claim_token = NULL, claimed_by = NULL, last_error = NULL, updated_at = excluded.updated_at
        """
    )

    private static let finishCall = Statement(
        "provider_calls_finish",
        """
        UPDATE provider_calls SET state = 'done', claim_token = NULL, claimed_by = NULL, updated_at = $4,
            last_error = coalesce($5, last_error)
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
