package import Payments
package import PostgreSQL

/// Disputes and the money they moved.
package enum DisputeStore {
    /// Writes disputes as they stand, new or changed.
    package static func write(_ disputes: [Dispute]) -> Command {
        Command(
            writeDisputes,
            [
                .uuids(disputes.map(\.id.value)), .optionalUUIDs(disputes.map { $0.chargeID?.value }),
                .texts(disputes.map(\.provider.text)), .texts(disputes.map(\.providerReference)), .texts(disputes.map(\.amount.asset.code)),
                .numerics(disputes.map(\.amount.minorUnits)), .texts(disputes.map(\.status.rawValue)),
                .optionalTexts(disputes.map(\.reason)), .optionalTimestamps(disputes.map { $0.respondBy?.microseconds }),
                .texts(disputes.map(\.amountWithdrawn.asset.code)), .numerics(disputes.map(\.amountWithdrawn.minorUnits)),
                .numerics(disputes.map(\.amountWrittenOff.minorUnits)),
                .optionalTimestamps(disputes.map { ChargeColumns.stored($0.lastFactAt) }),
                .timestamps(disputes.map(\.createdAt.microseconds)), .timestamps(disputes.map(\.updatedAt.microseconds)),
                .int64s(disputes.map(\.version)), .optionalTexts(disputes.map(\.paymentReference)),
            ]
        )
    }

    /// Reads disputes under lock by their providers' names for them.
    package static func lock(_ references: Set<ProviderReference>) -> Command {
        Command(lockDisputes, [.texts(references.map(\.provider.text)), .texts(references.map(\.text))])
    }

    /// Reads under lock the disputes of these payments that were told before their charge was known.
    package static func lock(homelessOf payments: Set<ProviderReference>) -> Command {
        Command(lockHomeless, [.texts(payments.map(\.provider.text)), .texts(payments.map(\.text))])
    }

    /// Reads a charge's disputes in the order in which they became known.
    package static func find(ofCharge id: ChargeID) -> Command {
        Command(findOfCharge, [.uuid(id.value)])
    }

    /// Reads disputes that one of the statements selected.
    package static func decode(_ result: QueryResult) throws -> [Dispute] {
        try result.rows.map { row in
            let asset = try row.value(4, Asset.init(code:))
            let withdrawn = try row.value(9, Asset.init(code:))
            var dispute = Dispute(
                id: try row.identifier(0),
                chargeID: try row.optionalIdentifier(1),
                provider: ProviderName(try row.text(2)),
                providerReference: try row.text(3),
                amount: try row.amount(5, asset: asset),
                createdAt: try row.instant(13)
            )
            dispute.status = try row.value(6, DisputeStatus.init(rawValue:))
            dispute.reason = try row.optionalText(7)
            dispute.respondBy = try row.optionalInstant(8)
            dispute.amountWithdrawn = try row.amount(10, asset: withdrawn)
            dispute.amountWrittenOff = try row.amount(11, asset: withdrawn)
            dispute.lastFactAt = try row.optionalInstant(12) ?? dispute.lastFactAt
            dispute.updatedAt = try row.instant(14)
            dispute.version = try row.int64(15)
            dispute.paymentReference = try row.optionalText(16)
            return dispute
        }
    }

    private static let columns = """
        p.id, p.charge_id, p.provider, p.provider_reference, p.asset, p.amount, p.status, p.reason, p.respond_by, p.withdrawn_asset,
        p.amount_withdrawn, p.amount_written_off, p.last_fact_at, p.created_at, p.updated_at, p.version,
        p.payment_reference
        """

    private static let writeDisputes = Statement(
        "disputes_write",
        """
        INSERT INTO disputes (id, charge_id, provider, provider_reference, asset, amount, status, reason, respond_by, withdrawn_asset,
            amount_withdrawn, amount_written_off, last_fact_at, created_at, updated_at, version, payment_reference)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::numeric[], $7::text[], $8::text[],
            $9::timestamptz[], $10::text[], $11::numeric[], $12::numeric[], $13::timestamptz[], $14::timestamptz[], $15::timestamptz[],
            $16::bigint[], $17::text[])
        ON CONFLICT (id) DO UPDATE SET charge_id = excluded.charge_id, amount = excluded.amount, status = excluded.status,
            reason = excluded.reason, respond_by = excluded.respond_by, withdrawn_asset = excluded.withdrawn_asset,
            amount_withdrawn = excluded.amount_withdrawn, amount_written_off = excluded.amount_written_off,
            last_fact_at = excluded.last_fact_at, updated_at = excluded.updated_at, version = excluded.version,
            payment_reference = excluded.payment_reference
        """
    )

    private static let lockDisputes = Statement(
        "disputes_lock",
        """
        SELECT \(columns) FROM unnest($1::text[], $2::text[]) AS d(provider, reference)
            JOIN disputes p ON p.provider = d.provider AND p.provider_reference = d.reference
        ORDER BY p.id FOR UPDATE OF p
        """
    )

    private static let lockHomeless = Statement(
        "disputes_lock_homeless",
        """
        SELECT \(columns) FROM disputes p WHERE p.charge_id IS NULL
            AND (p.provider, p.payment_reference) IN (SELECT * FROM unnest($1::text[], $2::text[]))
        ORDER BY p.id FOR UPDATE
        """
    )

    private static let findOfCharge = Statement(
        "disputes_of_charge",
        "SELECT \(columns) FROM disputes p WHERE p.charge_id = $1 ORDER BY p.id"
    )
}
