package import Payments
package import PostgreSQL

/// An entry as one account saw it, with what stood on the account after it.
package struct AccountEntry: Sendable {
    package let position: HistoryPosition
    package let id: EntryID
    package let cause: EntryCause
    package let kind: EntryKind
    package let phase: BookedPhase
    package let chargeID: ChargeID?
    package let reason: String?
    package let occurredAt: Timestamp
    package let postedAt: Timestamp
    /// What the entry moved, reserved or released on the debit side.
    package let debits: Amount
    /// What the entry moved, reserved or released on the credit side.
    package let credits: Amount
    /// The account after the entry.
    package let standing: AccountStanding

    /// The difference of the two sides, without sign.
    package var amount: Amount {
        let difference = debits.minorUnits - credits.minorUnits
        return Amount(minorUnits: difference < 0 ? -difference : difference, asset: debits.asset)
    }

    /// The side that the amount stands on; nil when it is zero.
    package var side: Side? {
        debits.minorUnits == credits.minorUnits ? nil : debits.minorUnits > credits.minorUnits ? .debit : .credit
    }

    /// One of the two sides of an account.
    package enum Side: String, Sendable {
        case debit
        case credit
    }
}

/// The place of an entry in the history of an account: the version of the balance, and the entry's place in it from 1.
package struct HistoryPosition: Sendable, Hashable {
    package let version: Int64
    package let ordinal: Int64

    /// Names a place.
    package init(version: Int64, ordinal: Int64) {
        self.version = version
        self.ordinal = ordinal
    }
}

/// Which part of an account's history is asked for.
package struct HistoryRange: Sendable {
    /// Only what was posted at this time or later.
    package var from: Timestamp?
    /// Only what was posted before this time.
    package var to: Timestamp?
    /// Only what stands before this place.
    package var before: HistoryPosition?

    /// All of it, or what lies within bounds.
    package init(from: Timestamp? = nil, to: Timestamp? = nil, before: HistoryPosition? = nil) {
        self.from = from
        self.to = to
        self.before = before
    }
}

/// The entries of one account with the running balance, newest first.
///
/// The balance after an entry is that of the version before, and what the entries of the version did up to this one.
package enum AccountHistory {
    /// Entries of an account, at most `limit`; nil when there is no such account.
    package static func entries(
        of name: AccountName,
        in range: HistoryRange,
        limit: Int,
        on pool: ConnectionPool
    ) async throws -> [AccountEntry]? {
        guard let standing = try await LedgerReads.account(name, at: nil, on: pool) else { return nil }
        let result = try await pool.execute(
            selectEntries,
            [
                .uuid(LedgerStore.accountID(name)), .optional(range.before) { .int64($0.version) },
                .optional(range.before) { .int64($0.ordinal) }, .int64(Int64(limit)),
                .optional(range.from) { .timestamp($0.microseconds - 1) }, .optional(range.to) { .timestamp($0.microseconds - 1) },
            ]
        )
        return try result.rows.map { try entry($0, of: standing) }
    }

    private static func entry(_ row: Row, of account: AccountStanding) throws -> AccountEntry {
        let asset = account.account.asset
        return AccountEntry(
            position: HistoryPosition(version: try row.int64(0), ordinal: try row.int64(1)),
            id: try row.identifier(2),
            cause: EntryCause(try row.text(3)),
            kind: try row.value(4, EntryKind.init(rawValue:)),
            phase: try row.value(5, BookedPhase.init(rawValue:)),
            chargeID: try row.optionalIdentifier(6),
            reason: try row.optionalText(7),
            occurredAt: try row.instant(8),
            postedAt: try row.instant(9),
            debits: try row.amount(10, asset: asset),
            credits: try row.amount(11, asset: asset),
            standing: AccountStanding(account: account.account, sides: try row.accountBalance(12), isClosed: account.isClosed)
        )
    }

    /// Looks at no more versions than hold the page, and at no more of their entries than have to be added up.
    private static let selectEntries = Statement(
        "ledger_account_entries",
        """
        WITH bounds AS MATERIALIZED (
            SELECT
                CASE WHEN $5::timestamptz IS NULL THEN 0 ELSE \(BalanceVersions.last(of: "$1", at: "$5")) END AS low,
                least(
                    $2::bigint, (SELECT max(version) FROM ledger_balances WHERE account_id = $1),
                    CASE WHEN $6::timestamptz IS NOT NULL THEN \(BalanceVersions.last(of: "$1", at: "$6")) END
                ) AS high
        ), versions AS (
            SELECT b.version, b.entry_ids, b.posted_at,
                CASE WHEN b.version = $2 THEN $3::bigint - 1 ELSE cardinality(b.entry_ids) END AS shown
            FROM bounds CROSS JOIN LATERAL (
                SELECT * FROM ledger_balances
                WHERE account_id = $1 AND version > bounds.low AND version <= bounds.high ORDER BY version DESC LIMIT $4 + 1
            ) b
        ), chosen AS (
            SELECT * FROM (SELECT *, sum(shown) OVER (ORDER BY version DESC) - shown AS newer FROM versions) v WHERE newer < $4
        ), moves AS (
            SELECT c.version, c.shown, c.posted_at, u.ordinal, e.id, e.cause, e.kind, e.phase, e.charge_id, e.reason, e.occurred_at, m.*
            FROM chosen c CROSS JOIN LATERAL unnest(c.entry_ids) WITH ORDINALITY AS u(entry_id, ordinal)
                JOIN journal_entries e ON e.id = u.entry_id
                CROSS JOIN LATERAL (
                    SELECT coalesce(sum(amount) FILTER (WHERE is_own AND is_debit), 0) AS debits,
                        coalesce(sum(amount) FILTER (WHERE is_own AND is_credit), 0) AS credits,
                        coalesce(sum(amount) FILTER (WHERE NOT is_own AND is_debit), 0) AS debits_ended,
                        coalesce(sum(amount) FILTER (WHERE NOT is_own AND is_credit), 0) AS credits_ended
                    FROM (
                        SELECT amount, entry_id = e.id AS is_own, debit_account_id = $1 AS is_debit, credit_account_id = $1 AS is_credit
                        FROM transfers WHERE entry_id IN (e.id, e.pending_entry_id)
                    ) t
                ) m
            WHERE u.ordinal <= c.shown
        ), running AS (
            SELECT version, ordinal, id, cause, kind, phase, charge_id, reason, occurred_at, posted_at, debits, credits,
                sum(CASE WHEN phase IN ('posted', 'post') THEN debits ELSE 0 END) OVER past AS debits_posted,
                sum(CASE WHEN phase IN ('posted', 'post') THEN credits ELSE 0 END) OVER past AS credits_posted,
                sum(CASE WHEN phase = 'pending' THEN debits ELSE -debits_ended END) OVER past AS debits_pending,
                sum(CASE WHEN phase = 'pending' THEN credits ELSE -credits_ended END) OVER past AS credits_pending
            FROM moves WINDOW past AS (PARTITION BY version ORDER BY ordinal)
        )
        SELECT r.version, r.ordinal, r.id, r.cause, r.kind, r.phase, r.charge_id, r.reason, r.occurred_at, r.posted_at, r.debits, r.credits,
            coalesce(b.debits_posted, 0) + r.debits_posted, coalesce(b.credits_posted, 0) + r.credits_posted,
            coalesce(b.debits_pending, 0) + r.debits_pending, coalesce(b.credits_pending, 0) + r.credits_pending
        FROM running r LEFT JOIN ledger_balances b ON b.account_id = $1 AND b.version = r.version - 1
        ORDER BY r.version DESC, r.ordinal DESC LIMIT $4
        """
    )
}
