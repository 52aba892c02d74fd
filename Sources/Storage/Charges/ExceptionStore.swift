package import Payments
package import PostgreSQL

/// Payments that finance has to look at.
package enum ExceptionStore {
    /// Writes exceptions; their cause is unique as the entry's is.
    package static func insert(_ exceptions: [(ExceptionID, PaymentException)], at now: Timestamp) -> Command {
        let values = exceptions.map(\.1)
        return Command(
            insertExceptions,
            [
                .uuids(exceptions.map(\.0.value)), .texts(values.map(\.cause.text)), .texts(values.map(\.reason.rawValue)),
                .texts(values.map(\.provider.text)), .texts(values.map(\.transaction)), .texts(values.map(\.amount.asset.code)),
                .numerics(values.map(\.amount.minorUnits)), .optionalUUIDs(values.map { $0.chargeID?.value }),
                .timestamps(values.map(\.occurredAt.microseconds)), .timestamp(now.microseconds),
            ]
        )
    }

    private static let insertExceptions = Statement(
        "exceptions_insert",
        """
        INSERT INTO payment_exceptions (id, cause, reason, provider, transaction, asset, amount, charge_id, occurred_at, created_at)
        SELECT d.*, $10 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::numeric[], $8::uuid[],
            $9::timestamptz[]) AS d
        """
    )
}
