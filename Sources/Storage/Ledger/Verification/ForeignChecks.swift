import PostgreSQL

/// What the ledger says about other tables, and what is told best by the database itself.
enum ForeignChecks {
    struct Check {
        let kind: VerificationIssues.Kind
        let statement: Statement
    }

    /// Each answers a sentence for each thing that is wrong.
    static let checks = [
        Check(
            kind: .charge,
            statement: Statement(
                "ledger_verify_charge_references",
                """
                SELECT 'entry ' || e.id || ' belongs to charge ' || e.charge_id || ', which is not there' FROM journal_entries e
                WHERE e.charge_id IS NOT NULL AND NOT EXISTS (SELECT FROM charges c WHERE c.id = e.charge_id) LIMIT 101
                """
            )
        ),
        Check(
            kind: .anchor,
            statement: Statement(
                "ledger_verify_heads",
                """
                SELECT 'anchor ' || a.number || ' holds a head of chain ' || h.chain_id || ' that is not its seal ' || h.number
                FROM journal_anchors a CROSS JOIN LATERAL unnest(a.chain_ids, a.numbers, a.digests) AS h(chain_id, number, digest)
                    LEFT JOIN journal_seals s ON s.chain_id = h.chain_id AND s.number = h.number
                    LEFT JOIN journal_record_seals r ON r.chain_id = h.chain_id AND r.number = h.number
                WHERE coalesce(s.digest, r.digest) IS DISTINCT FROM h.digest LIMIT 101
                """
            )
        ),
        Check(
            kind: .record,
            statement: Statement(
                "ledger_verify_deliveries",
                """
                SELECT 'notification ' || coalesce(n.id, d.notification_id) || ' has no delivery that is its own'
                FROM notifications n FULL JOIN notification_deliveries d ON d.notification_id = n.id
                WHERE n.ordering_key IS DISTINCT FROM d.ordering_key OR n.ordinal IS DISTINCT FROM d.ordinal LIMIT 101
                """
            )
        ),
    ]

    static let copyCharges = """
        COPY (
            SELECT id, asset, amount_captured, amount_refunded, amount_lost FROM charges
            WHERE amount_captured <> 0 OR amount_refunded <> 0 OR amount_lost <> 0
        ) TO STDOUT (FORMAT binary)
        """

    /// What the charges say, by rows of `copyCharges`.
    static func add(_ row: CopyRows, to charges: inout ChargeFingerprints) throws {
        let (id, asset) = (try row.uuid(0), row.text(1) ?? "")
        charges.captured.book(id, "", try row.numeric(2))
        charges.refunded.book(id, asset, try row.numeric(3))
        charges.lost.book(id, asset, try row.numeric(4))
    }

    /// Asked only when the sums are known to differ, or refunds in another asset than the charge's make them look so.
    static let unequalCharges = Check(
        kind: .charge,
        statement: Statement(
            "ledger_verify_charges",
            """
            SELECT 'charge ' || coalesce(c.id, b.charge_id) || ' says ' || s.said || ' ' || s.what || ', the books ' || s.booked
            FROM charges c FULL JOIN (
                SELECT e.charge_id, sum(t.amount) FILTER (WHERE e.kind = 'capture') AS captured,
                    sum(CASE e.kind WHEN 'refund' THEN t.amount ELSE -t.amount END)
                        FILTER (WHERE e.kind IN ('refund', 'refund_failure') AND t.asset = o.asset) AS refunded,
                    sum(CASE WHEN a.name LIKE 'disputes:%' THEN t.amount ELSE -t.amount END)
                        FILTER (WHERE e.kind = 'dispute_loss' AND t.asset = o.asset) AS lost
                FROM journal_entries e JOIN transfers t ON t.entry_id = e.id LEFT JOIN charges o ON o.id = e.charge_id
                    LEFT JOIN ledger_accounts a ON a.id = t.credit_account_id
                WHERE e.kind IN ('capture', 'refund', 'refund_failure', 'dispute_loss') AND e.phase IN ('posted', 'post')
                    AND e.charge_id IS NOT NULL
                GROUP BY e.charge_id
            ) AS b ON b.charge_id = c.id CROSS JOIN LATERAL (VALUES
                ('captured', coalesce(c.amount_captured, 0), coalesce(b.captured, 0)),
                ('refunded', coalesce(c.amount_refunded, 0), coalesce(b.refunded, 0)),
                ('lost', coalesce(c.amount_lost, 0), coalesce(b.lost, 0))
            ) AS s(what, said, booked)
            WHERE s.said <> s.booked LIMIT 101
            """
        )
    )
}
