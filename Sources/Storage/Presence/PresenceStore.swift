package import Payments
package import PostgreSQL

/// Which gateways are at work, by the database's clock, and what the others left behind.
package enum PresenceStore {
    /// Says that a gateway is at work.
    package static func beat(_ gateway: GatewayID) -> Command {
        Command(beatGateway, [.uuid(gateway.value)])
    }

    /// Forgets the gateways that were silent for longer than `silence`, and answers which.
    ///
    /// After the database itself was away nobody has been heard, so nobody is judged before it is up for as long.
    package static func removeSilent(for silence: Duration) -> Command {
        Command(remove, [.int64(silence.components.seconds)])
    }

    /// Reads which gateways were removed.
    package static func decodeRemoved(_ result: QueryResult) throws -> [GatewayID] {
        try result.rows.map { try $0.identifier(0) }
    }

    /// Frees all claims of some gateways, and single claims: the work is due again, and what its holder may still answer is not taken.
    package static func release(claimsOf gateways: [GatewayID], and claims: Set<Claim>, at now: Timestamp) -> [Command] {
        guard !gateways.isEmpty || !claims.isEmpty else { return [] }
        let parameters: [Parameter] = [
            .uuids(gateways.map(\.value)), .uuids(claims.map(\.token)), .timestamp(now.microseconds),
        ]
        return [releaseProviderCalls, releasePayoutCalls, releaseDeliveries].map { Command($0, parameters) }
    }

    private static let beatGateway = Statement(
        "presence_beat",
        """
        INSERT INTO gateways (id, seen_at) VALUES ($1, clock_timestamp())
        ON CONFLICT (id) DO UPDATE SET seen_at = EXCLUDED.seen_at
        """
    )

    private static let remove = Statement(
        "presence_remove",
        """
        DELETE FROM gateways WHERE id IN (
            SELECT id FROM gateways
            WHERE greatest(seen_at, pg_postmaster_start_time()) < clock_timestamp() - make_interval(secs => $1::bigint)
            FOR UPDATE SKIP LOCKED)
        RETURNING id
        """
    )

    private static let releaseProviderCalls = Statement(
        "presence_release_provider_calls",
        """
        UPDATE provider_calls SET next_attempt_at = $3, claim_token = NULL, claimed_by = NULL, updated_at = $3
        WHERE state = 'pending' AND claim_token IS NOT NULL
            AND (claimed_by = ANY ($1::uuid[]) OR claim_token = ANY ($2::uuid[]))
        """
    )

    private static let releasePayoutCalls = Statement(
        "presence_release_payout_calls",
        """
        UPDATE payout_calls SET next_attempt_at = $3, claim_token = NULL, claimed_by = NULL, updated_at = $3
        WHERE state = 'pending' AND claim_token IS NOT NULL
            AND (claimed_by = ANY ($1::uuid[]) OR claim_token = ANY ($2::uuid[]))
        """
    )

    private static let releaseDeliveries = Statement(
        "presence_release_deliveries",
        """
        UPDATE notification_deliveries SET next_attempt_at = $3, claim_token = NULL, claimed_by = NULL
        WHERE status = 'pending' AND claim_token IS NOT NULL
            AND (claimed_by = ANY ($1::uuid[]) OR claim_token = ANY ($2::uuid[]))
        """
    )
}
