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
                .timestamps(values.map(\.occurredAt.microseconds)), .optionalTexts(values.map(\.subject)), .timestamp(now.microseconds),
            ]
        )
    }

    /// Ends the open exceptions that later facts have answered, with a note that says why.
    package static func resolve(_ resolutions: [ExceptionResolution], at now: Timestamp) -> Command {
        Command(
            resolveExceptions,
            [
                .texts(resolutions.map(\.provider.text)), .texts(resolutions.map(\.reason.rawValue)),
                .optionalTexts(resolutions.map(\.subject)), .uuids(resolutions.map(\.chargeID.value)), .texts(resolutions.map(\.note)),
                .timestamp(now.microseconds),
            ]
        )
    }

    private static let insertExceptions = Statement(
        "exceptions_insert",
        """
        INSERT INTO payment_exceptions (id, cause, reason, provider, transaction, asset, amount, charge_id, occurred_at, subject,
            created_at)
        SELECT d.*, $11 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::numeric[], $8::uuid[],
            $9::timestamptz[], $10::text[]) AS d
        ON CONFLICT (cause) DO NOTHING
        """
    )

    private static let resolveExceptions = Statement(
        "exceptions_resolve",
        """
        UPDATE payment_exceptions e SET status = 'resolved', charge_id = d.charge_id, note = d.note, resolved_at = $6
        FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::text[]) AS d(provider, reason, subject, charge_id, note)
        WHERE e.provider = d.provider AND e.reason = d.reason AND e.status = 'open'
            AND (e.subject = d.subject OR d.subject IS NULL AND e.charge_id = d.charge_id)
        """
    )
}
