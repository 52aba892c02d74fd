package import Payments
package import PostgreSQL

/// Payments of providers to our bank.
///
/// Of two batches that see a new one at once, the second fails by its reference and is repeated; refunds and disputes do the same.
package enum SettlementStore {
    /// Writes settlements as they stand, new or changed.
    package static func write(_ settlements: [Settlement]) -> Command {
        Command(
            writeSettlements,
            [
                .uuids(settlements.map(\.id.value)), .texts(settlements.map(\.provider.text)),
                .texts(settlements.map(\.providerReference)), .texts(settlements.map(\.amount.asset.code)),
                .numerics(settlements.map(\.amount.minorUnits)),
                .texts(settlements.map(\.status.rawValue)), .timestamps(settlements.map(\.createdAt.microseconds)),
                .timestamps(settlements.map(\.updatedAt.microseconds)),
            ]
        )
    }

    /// Reads settlements under lock by their providers' names for them.
    package static func lock(_ references: Set<ProviderReference>) -> Command {
        Command(lockSettlements, [.texts(references.map(\.provider.text)), .texts(references.map(\.text))])
    }

    /// Reads settlements that were selected.
    package static func decode(_ result: QueryResult) throws -> [Settlement] {
        try result.rows.map { row in
            let asset = try row.value(3, Asset.init(code:))
            var settlement = Settlement(
                id: try row.identifier(0),
                provider: ProviderName(try row.text(1)),
                providerReference: try row.text(2),
                amount: try row.amount(4, asset: asset),
                createdAt: try row.instant(6)
            )
            settlement.status = try row.value(5, SettlementStatus.init(rawValue:))
            settlement.updatedAt = try row.instant(7)
            return settlement
        }
    }

    private static let writeSettlements = Statement(
        "settlements_write",
        """
        INSERT INTO settlements (id, provider, provider_reference, asset, amount, status, created_at, updated_at)
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::numeric[], $6::text[], $7::timestamptz[],
            $8::timestamptz[])
        ON CONFLICT (id) DO UPDATE SET status = excluded.status, updated_at = excluded.updated_at
        """
    )

    private static let lockSettlements = Statement(
        "settlements_lock",
        """
        SELECT s.id, s.provider, s.provider_reference, s.asset, s.amount, s.status, s.created_at, s.updated_at
        FROM unnest($1::text[], $2::text[]) AS d(provider, reference)
            JOIN settlements s ON s.provider = d.provider AND s.provider_reference = d.reference
        ORDER BY s.id FOR UPDATE OF s
        """
    )
}
