package import Payments
package import PostgreSQL

/// Refunds, ours and those made by hand at providers.
package enum RefundStore {
    /// The names by which facts speak of refunds.
    package struct Names: Sendable {
        fileprivate var ids: Set<RefundID> = []
        fileprivate var references: Set<ProviderReference> = []
        fileprivate var charges: Set<ChargeID> = []
        fileprivate var chargeReferences: Set<ProviderReference> = []

        /// No names.
        package init() {}

        /// Whether there are none.
        package var isEmpty: Bool { ids.isEmpty && references.isEmpty }

        /// Adds a refund as a provider tells of it, with all others of the charge that it names: one of those may be meant.
        package mutating func add(_ told: PaymentFact.Refund, of fact: PaymentFact) {
            references.insert(ProviderReference(fact.provider, told.transaction))
            if let id = told.refundID { ids.insert(id) }
            switch fact.subject {
            case .charge(let id): charges.insert(id)
            case .reference(let text): chargeReferences.insert(ProviderReference(fact.provider, text))
            case .amount, .unknown: break
            }
        }

        /// Adds one of ours.
        package mutating func add(_ id: RefundID) {
            ids.insert(id)
        }
    }

    /// Writes refunds as they stand, new or changed.
    package static func write(_ refunds: [Refund]) -> Command {
        Command(
            writeRefunds,
            [
                .uuids(refunds.map(\.id.value)), .optionalUUIDs(refunds.map { $0.chargeID?.value }), .texts(refunds.map(\.provider.text)),
                .optionalTexts(refunds.map(\.providerReference)), .texts(refunds.map(\.amount.asset.code)),
                .numerics(refunds.map(\.amount.minorUnits)), .optionalTexts(refunds.map(\.reason)), .texts(refunds.map(\.status.rawValue)),
                .optionalTexts(refunds.map { $0.failure.map(ChargeColumns.text) }),
                .optionalTimestamps(refunds.map { ChargeColumns.stored($0.lastFactAt) }),
                .timestamps(refunds.map(\.createdAt.microseconds)), .timestamps(refunds.map(\.updatedAt.microseconds)),
                .int64s(refunds.map(\.version)), .optionalTexts(refunds.map(\.paymentReference)),
            ]
        )
    }

    /// Reads under lock the refunds that facts may speak of.
    package static func lock(_ names: Names) -> Command {
        let references = Array(names.references)
        let charges = Array(names.chargeReferences)
        return Command(
            lockRefunds,
            [
                .uuids(names.ids.map(\.value)), .texts(references.map(\.provider.text)), .texts(references.map(\.text)),
                .uuids(names.charges.map(\.value)), .texts(charges.map(\.provider.text)), .texts(charges.map(\.text)),
            ]
        )
    }

    /// Reads under lock the refunds of these payments that were told before their charge was known.
    package static func lock(homelessOf payments: Set<ProviderReference>) -> Command {
        Command(lockHomeless, [.texts(payments.map(\.provider.text)), .texts(payments.map(\.text))])
    }

    /// Reads refunds by their ids.
    package static func find(ids: [RefundID]) -> Command {
        Command(findRefunds, [.uuids(ids.map(\.value))])
    }

    /// Reads a charge's refunds in the order in which they were asked for.
    package static func find(ofCharge id: ChargeID) -> Command {
        Command(findOfCharge, [.uuid(id.value)])
    }

    /// Reads refunds that one of the statements selected.
    package static func decode(_ result: QueryResult) throws -> [Refund] {
        try result.rows.map { row in
            let asset = try row.value(4, Asset.init(code:))
            var refund = Refund(
                id: try row.identifier(0),
                chargeID: try row.optionalIdentifier(1),
                provider: ProviderName(try row.text(2)),
                amount: try row.amount(5, asset: asset),
                reason: try row.optionalText(6),
                providerReference: try row.optionalText(3),
                createdAt: try row.instant(10)
            )
            refund.status = try row.value(7, RefundStatus.init(rawValue:))
            refund.failure = try row.optionalValue(8, ChargeColumns.failure)
            refund.lastFactAt = try row.optionalInstant(9) ?? refund.lastFactAt
            refund.updatedAt = try row.instant(11)
            refund.version = try row.int64(12)
            refund.paymentReference = try row.optionalText(13)
            return refund
        }
    }

    /// The names of refunds, for finding their charges.
    static func parameters(_ names: Names) -> [Parameter] {
        let references = Array(names.references)
        return [.uuids(names.ids.map(\.value)), .texts(references.map(\.provider.text)), .texts(references.map(\.text))]
    }

    private static let columns = """
        r.id, r.charge_id, r.provider, r.provider_reference, r.asset, r.amount, r.reason, r.status, r.failure, r.last_fact_at, r.created_at,
        r.updated_at, r.version, r.payment_reference
        """

    private static let writeRefunds = Statement(
        "refunds_write",
        """
        INSERT INTO refunds (id, charge_id, provider, provider_reference, asset, amount, reason, status, failure, last_fact_at, created_at,
            updated_at, version, payment_reference)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::numeric[], $7::text[], $8::text[], $9::text[],
            $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::bigint[], $14::text[])
        ON CONFLICT (id) DO UPDATE SET charge_id = excluded.charge_id, provider_reference = excluded.provider_reference,
            amount = excluded.amount, status = excluded.status, failure = excluded.failure, last_fact_at = excluded.last_fact_at,
            updated_at = excluded.updated_at, version = excluded.version, payment_reference = excluded.payment_reference
        """
    )

    private static let lockRefunds = Statement(
        "refunds_lock",
        """
        SELECT \(columns) FROM refunds r WHERE r.id IN (
            SELECT id FROM refunds WHERE id = ANY($1::uuid[])
            UNION SELECT f.id FROM unnest($2::text[], $3::text[]) AS d(provider, reference)
                JOIN refunds f ON f.provider = d.provider AND f.provider_reference = d.reference
            UNION SELECT id FROM refunds WHERE charge_id = ANY($4::uuid[])
            UNION SELECT f.id FROM unnest($5::text[], $6::text[]) AS d(provider, reference)
                JOIN charge_references c ON c.provider = d.provider AND c.reference = d.reference
                JOIN refunds f ON f.charge_id = c.charge_id)
        ORDER BY r.id FOR UPDATE
        """
    )

    private static let lockHomeless = Statement(
        "refunds_lock_homeless",
        """
        SELECT \(columns) FROM refunds r WHERE r.charge_id IS NULL
            AND (r.provider, r.payment_reference) IN (SELECT * FROM unnest($1::text[], $2::text[]))
        ORDER BY r.id FOR UPDATE
        """
    )

    private static let findRefunds = Statement(
        "refunds_find",
        "SELECT \(columns) FROM refunds r WHERE r.id = ANY($1::uuid[]) ORDER BY r.id"
    )

    private static let findOfCharge = Statement(
        "refunds_of_charge",
        "SELECT \(columns) FROM refunds r WHERE r.charge_id = $1 ORDER BY r.id"
    )
}
