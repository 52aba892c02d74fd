import PostgreSQL

/// The statements that write the books.
enum LedgerStatements {
    static let findCauses = Statement(
        "ledger_find_causes",
        "SELECT cause, content_digest FROM journal_entries WHERE cause = ANY($1::text[])"
    )

    static let insertAccounts = Statement(
        "ledger_insert_accounts",
        """
        INSERT INTO ledger_accounts (id, name, asset, class, rule)
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
        ON CONFLICT DO NOTHING
        """
    )

    static let insertEntries = Statement(
        "ledger_insert_entries",
        """
        INSERT INTO journal_entries (id, cause, kind, phase, pending_entry_id, expires_at, charge_id, occurred_at, reason, exchange_rate,
            content_digest, posted_at)
        SELECT d.*, $12 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::timestamptz[], $7::uuid[],
            $8::timestamptz[], $9::text[], $10::text[], $11::bytea[]) AS d
        """
    )

    static let insertTransfers = Statement(
        "ledger_insert_transfers",
        """
        INSERT INTO transfers (entry_id, ordinal, debit_account_id, credit_account_id, asset, amount)
        SELECT * FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::uuid[], $5::text[], $6::numeric[])
        """
    )

    static let insertSeal = Statement(
        "ledger_insert_seal",
        """
        INSERT INTO journal_seals (chain_id, number, previous_digest, digest, entry_ids, sealed_at) VALUES ($1, $2, $3, $4, $5, $6)
        """
    )

    static let openEntries = Statement(
        "ledger_open_entries",
        "INSERT INTO ledger_open_entries (entry_id, expires_at) SELECT * FROM unnest($1::uuid[], $2::timestamptz[])"
    )

    static let closeEntries = Statement("ledger_close_entries", "DELETE FROM ledger_open_entries WHERE entry_id = ANY($1::uuid[])")

    /// Others wait here until this transaction has ended; who only reads does not.
    static let lockAccounts = Statement(
        "ledger_lock_accounts",
        "SELECT FROM ledger_accounts WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE"
    )

    /// The newest version of an account's balance, by SQL for its id and for a version that it certainly has, or 0.
    ///
    /// Without a bound PostgreSQL reads every version of the account on the last page of the index. Should the bound not be there, as
    /// after a switch to a server that had lost the last commits, the newest version is found without it.
    static func newestBalance(of account: String, committed: String) -> String {
        let versions = "SELECT * FROM ledger_balances WHERE account_id = \(account)"
        let newest = "ORDER BY version DESC LIMIT 1"
        return "SELECT * FROM ((\(versions) AND version >= \(committed) \(newest)) UNION ALL (\(versions) \(newest))) AS found LIMIT 1"
    }

    /// A new version from the last one, under the lock of the account; an account that is not there has no rule, which is refused.
    static let insertBalances = Statement(
        "ledger_insert_balances",
        """
        INSERT INTO ledger_balances (account_id, version, posted_at, rule, debits_posted, credits_posted, debits_pending, credits_pending,
            entry_ids)
        SELECT d.id, coalesce(b.version, 0) + 1, greatest(b.posted_at, $9),
            CASE
                WHEN a.closed_at IS NOT NULL THEN 3
                WHEN a.rule = 'unrestricted' THEN 0
                WHEN a.rule = 'debits_must_not_exceed_credits' THEN 1
                WHEN a.rule = 'credits_must_not_exceed_debits' THEN 2
            END,
            coalesce(b.debits_posted, 0) + d.debits_posted, coalesce(b.credits_posted, 0) + d.credits_posted,
            coalesce(b.debits_pending, 0) + d.debits_pending, coalesce(b.credits_pending, 0) + d.credits_pending,
            ($8::uuid[])[d.first:d.last]
        FROM unnest($1::uuid[], $2::numeric[], $3::numeric[], $4::numeric[], $5::numeric[], $6::int[], $7::int[],
            $10::bigint[]) AS d(id, debits_posted, credits_posted, debits_pending, credits_pending, first, last, committed)
        LEFT JOIN ledger_accounts a ON a.id = d.id
        LEFT JOIN LATERAL (\(newestBalance(of: "d.id", committed: "d.committed"))) b ON true
        RETURNING account_id, version
        """
    )
}
