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
                WHERE s.digest IS DISTINCT FROM h.digest LIMIT 101
                """
            )
        ),
    ]

    static let copyCharges = "COPY (SELECT id, amount_captured FROM charges WHERE amount_captured <> 0) TO STDOUT (FORMAT binary)"

    /// Asked only when the sums are known to differ.
    static let unequalCharges = Check(
        kind: .charge,
        statement: Statement(
            "ledger_verify_charges",
            """
            SELECT 'charge ' || coalesce(c.id, b.charge_id) || ' says ' || coalesce(c.amount_captured, 0) || ', the books '
                || coalesce(b.amount, 0)
            FROM charges c FULL JOIN (
                SELECT e.charge_id, sum(t.amount) AS amount FROM journal_entries e JOIN transfers t ON t.entry_id = e.id
                WHERE e.kind = 'capture' AND e.phase IN ('posted', 'post') AND e.charge_id IS NOT NULL GROUP BY e.charge_id
            ) AS b ON b.charge_id = c.id
            WHERE coalesce(c.amount_captured, 0) <> coalesce(b.amount, 0) LIMIT 101
            """
        )
    )
}
