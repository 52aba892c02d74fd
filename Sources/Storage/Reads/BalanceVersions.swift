/// Finds versions of balances by time.
///
/// The versions of an account are numbered from 1 without gaps, and their times never go back. So the last version at a time is found by
/// halving, in about twenty steps for a million versions, and needs no index beside the primary key.
enum BalanceVersions {
    /// A scalar subquery: the number of the last version whose time is not after `time`, 0 when there is none.
    ///
    /// Both are SQL expressions: the account's id, and a time that is not null.
    static func last(of account: String, at time: String) -> String {
        """
        (
            WITH RECURSIVE search(low, high) AS (
                SELECT 0::bigint, coalesce((SELECT max(version) FROM ledger_balances WHERE account_id = \(account)), 0)
                UNION ALL
                SELECT CASE WHEN m.posted_at <= \(time) THEN m.version ELSE s.low END,
                    CASE WHEN m.posted_at <= \(time) THEN s.high ELSE m.version - 1 END
                FROM search s JOIN ledger_balances m ON m.account_id = \(account) AND m.version = (s.low + s.high + 1) / 2
                WHERE s.low < s.high
            )
            SELECT low FROM search WHERE low >= high
        )
        """
    }
}
