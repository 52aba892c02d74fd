package import Payments
package import PostgreSQL

/// Charges and the names that providers have for them.
package enum ChargeStore {
    /// Writes new charges; a reference that is taken already is an error.
    package static func insert(_ charges: [Charge]) -> [Command] {
        let named = charges.filter { $0.providerReference != nil }
        let commands = [Command(insertCharges, orderParameters(charges) + stateParameters(charges))]
        return named.isEmpty ? commands : commands + [Command(insertReferences, referenceParameters(named))]
    }

    /// Writes what can change of charges that are held under lock; `named` are those of them that got their reference just now.
    package static func update(_ charges: [Charge], named: [Charge]) -> [Command] {
        let commands = [Command(updateCharges, [.uuids(charges.map(\.id.value))] + stateParameters(charges))]
        return named.isEmpty ? commands : commands + [Command(learnReferences, referenceParameters(named))]
    }

    /// Reads charges under lock, in the order of their ids.
    package static func lock(ids: [ChargeID]) -> Command {
        Command(lockByID, [.uuids(ids.map(\.value))])
    }

    /// Reads charges under lock by their providers' names for them.
    package static func lock(references: [(ProviderName, String)]) -> Command {
        Command(lockByReference, [.texts(references.map(\.0.text)), .texts(references.map(\.1))])
    }

    /// Reads under lock the open charges of a provider that wait for exactly one of these amounts.
    package static func lockOpen(provider: ProviderName, amounts: [Amount]) -> Command {
        Command(lockOpenByAmount, [.text(provider.text), .texts(amounts.map(\.asset.code)), .numerics(amounts.map(\.minorUnits))])
    }

    /// Reads under lock the charges of refunds that facts speak of.
    package static func lock(ofRefunds names: RefundStore.Names) -> Command {
        Command(lockByRefund, RefundStore.parameters(names))
    }

    /// Reads under lock the charges of disputes that facts speak of.
    package static func lock(ofDisputes references: Set<ProviderReference>) -> Command {
        Command(lockByDispute, [.texts(references.map(\.provider.text)), .texts(references.map(\.text))])
    }

    /// Reads under lock open charges whose time ran out and for which no closing call is under way, skipping what others hold.
    package static func lockExpired(at now: Timestamp, limit: Int) -> Command {
        Command(lockOverdue, [.timestamp(now.microseconds), .int64(Int64(limit))])
    }

    /// Reads charges without lock.
    package static func find(ids: [ChargeID]) -> Command {
        Command(findByID, [.uuids(ids.map(\.value))])
    }

    /// Reads charges without lock by their providers' names for them.
    package static func find(references: [(ProviderName, String)]) -> Command {
        Command(findByReference, [.texts(references.map(\.0.text)), .texts(references.map(\.1))])
    }

    private static func orderParameters(_ charges: [Charge]) -> [Parameter] {
        [
            .uuids(charges.map(\.id.value)),
            .texts(charges.map(\.order.orderID)),
            .optionalTexts(charges.map(\.order.orderNumber)),
            .optionalTexts(charges.map(\.order.customerID)),
            .numerics(charges.map(\.order.amount.minorUnits)),
            .texts(charges.map(\.order.amount.asset.code)),
            .texts(charges.map(\.order.method.rawValue)),
            .texts(charges.map(\.order.capture.rawValue)),
            .optionalTexts(charges.map(\.order.cardToken)),
            .optionalTexts(charges.map(\.order.returnURL)),
            .optionalTimestamps(charges.map { $0.order.expiresAt?.microseconds }),
            .texts(charges.map { ChargeColumns.text(of: $0.order.metadata) }),
            .texts(charges.map(\.provider.text)),
            .timestamps(charges.map(\.createdAt.microseconds)),
            .optionalTexts(charges.map { $0.order.coin?.code }),
        ]
    }

    private static func stateParameters(_ charges: [Charge]) -> [Parameter] {
        [
            .optionalTexts(charges.map(\.providerReference)),
            .texts(charges.map(\.status.rawValue)),
            .numerics(charges.map(\.amountCaptured.minorUnits)),
            .numerics(charges.map(\.amountRefunded.minorUnits)),
            .optionalTexts(charges.map { $0.nextAction.map(ChargeColumns.text) }),
            .optionalTexts(charges.map { $0.failure.map(ChargeColumns.text) }),
            .optionalTexts(charges.map(\.paidBy)),
            .optionalTimestamps(charges.map { ChargeColumns.stored($0.lastFactAt) }),
            .timestamps(charges.map(\.updatedAt.microseconds)),
            .int64s(charges.map(\.version)),
            .numerics(charges.map(\.amountLost.minorUnits)),
        ]
    }

    private static func referenceParameters(_ charges: [Charge]) -> [Parameter] {
        [
            .texts(charges.map(\.provider.text)), .texts(charges.compactMap(\.providerReference)), .uuids(charges.map(\.id.value)),
        ]
    }

    private static let insertCharges = Statement(
        "charges_insert",
        """
        INSERT INTO charges (id, order_id, order_number, customer_id, amount, asset, method, capture, card_token, return_url, expires_at,
            metadata, provider, created_at, coin, provider_reference, status, amount_captured, amount_refunded, next_action, failure,
            paid_by, last_fact_at, updated_at, version, amount_lost)
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::numeric[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::timestamptz[], $12::text[], $13::text[], $14::timestamptz[], $15::text[], $16::text[], $17::text[],
            $18::numeric[], $19::numeric[], $20::text[], $21::text[], $22::text[], $23::timestamptz[], $24::timestamptz[], $25::bigint[],
            $26::numeric[])
        """
    )

    private static let insertReferences = Statement(
        "charge_references_insert",
        "INSERT INTO charge_references (provider, reference, charge_id) SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[])"
    )

    private static let learnReferences = Statement(
        "charge_references_learn",
        """
        INSERT INTO charge_references (provider, reference, charge_id) SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[])
        ORDER BY 1, 2
        ON CONFLICT (provider, reference) DO UPDATE SET charge_id = excluded.charge_id WHERE charge_references.charge_id IS NULL
        """
    )

    private static let updateCharges = Statement(
        "charges_update",
        """
        UPDATE charges c SET provider_reference = d.provider_reference, status = d.status, amount_captured = d.amount_captured,
            amount_refunded = d.amount_refunded, next_action = d.next_action, failure = d.failure, paid_by = d.paid_by,
            last_fact_at = d.last_fact_at, updated_at = d.updated_at, version = d.version, amount_lost = d.amount_lost
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::numeric[], $5::numeric[], $6::text[], $7::text[], $8::text[],
            $9::timestamptz[], $10::timestamptz[], $11::bigint[], $12::numeric[])
            AS d(id, provider_reference, status, amount_captured, amount_refunded, next_action, failure, paid_by, last_fact_at, updated_at,
                version, amount_lost)
        WHERE c.id = d.id
        """
    )

    private static let lockByID = Statement(
        "charges_lock",
        "SELECT \(ChargeColumns.list) FROM charges c WHERE c.id = ANY($1::uuid[]) ORDER BY c.id FOR UPDATE"
    )

    private static let findByID = Statement(
        "charges_find",
        "SELECT \(ChargeColumns.list) FROM charges c WHERE c.id = ANY($1::uuid[]) ORDER BY c.id"
    )

    private static let findByReference = Statement(
        "charges_find_by_reference",
        """
        SELECT \(ChargeColumns.list) FROM charges c
        WHERE c.id IN (SELECT r.charge_id FROM unnest($1::text[], $2::text[]) AS d(provider, reference)
            JOIN charge_references r ON r.provider = d.provider AND r.reference = d.reference)
        ORDER BY c.id
        """
    )

    private static let lockByReference = Statement(
        "charges_lock_by_reference",
        """
        SELECT \(ChargeColumns.list) FROM charges c
        WHERE c.id IN (SELECT r.charge_id FROM unnest($1::text[], $2::text[]) AS d(provider, reference)
            JOIN charge_references r ON r.provider = d.provider AND r.reference = d.reference)
        ORDER BY c.id FOR UPDATE
        """
    )

    private static let lockOpenByAmount = Statement(
        "charges_lock_open_by_amount",
        """
        SELECT \(ChargeColumns.list) FROM charges c
        WHERE c.provider = $1 AND c.status = 'requires_action'
            AND (c.asset, c.amount) IN (SELECT d.asset, d.amount FROM unnest($2::text[], $3::numeric[]) AS d(asset, amount))
        ORDER BY c.id FOR UPDATE
        """
    )

    private static let lockByRefund = Statement(
        "charges_lock_by_refund",
        """
        SELECT \(ChargeColumns.list) FROM charges c
        WHERE c.id IN (SELECT charge_id FROM refunds WHERE id = ANY($1::uuid[])
            UNION SELECT f.charge_id FROM unnest($2::text[], $3::text[]) AS d(provider, reference)
                JOIN refunds f ON f.provider = d.provider AND f.provider_reference = d.reference)
        ORDER BY c.id FOR UPDATE
        """
    )

    private static let lockByDispute = Statement(
        "charges_lock_by_dispute",
        """
        SELECT \(ChargeColumns.list) FROM charges c
        WHERE c.id IN (SELECT p.charge_id FROM unnest($1::text[], $2::text[]) AS d(provider, reference)
            JOIN disputes p ON p.provider = d.provider AND p.provider_reference = d.reference)
        ORDER BY c.id FOR UPDATE
        """
    )

    private static let lockOverdue = Statement(
        "charges_lock_overdue",
        """
        SELECT \(ChargeColumns.list) FROM charges c
        WHERE c.status IN ('requires_action', 'processing', 'authorized') AND c.expires_at <= $1
            AND NOT EXISTS (SELECT FROM provider_calls p WHERE p.charge_id = c.id AND p.operation = 'expire')
        ORDER BY c.expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
        """
    )
}
