package import Payments
import PostgreSQL

/// The end of an account as the books keep it.
struct AccountClosure: Sendable, Hashable {
    @TwoWords private(set) var accountID: UInt128
    let closedAt: Timestamp
    let reason: String

    /// Its part of the seal of the commit that closed the account.
    func append(to content: inout CanonicalBytes) {
        content.append(accountID)
        content.append(closedAt.microseconds)
        content.append(reason)
    }
}

/// What became of the wish to close an account.
package enum ClosingResult: String, Sendable, Hashable {
    /// From now on the account takes nothing.
    case closed
    /// It was closed before; nothing was changed.
    case alreadyClosed = "already_closed"
    /// There is no account of that name.
    case notFound = "account_not_found"
    /// Something on it still waits to be posted, voided or expired.
    case hasPendingEntries = "has_pending_entries"
    /// Payments are booked on it, and they cannot be refused when they have been made.
    case usedByPayments = "used_by_payments"
}

extension Ledger {
    /// Closes an account for good: whatever stands on it stays, and the database refuses every further balance.
    ///
    /// The closing is sealed like an entry. Postings that came before have ended when it looks, for all take the account's lock; those
    /// that come after find it closed.
    ///
    /// - Throws: `PostgresError`; after `commitOutcomeUnknown` closing again tells by its result what is there.
    package func close(_ account: AccountName, reason: String, at now: Timestamp) async throws -> ClosingResult {
        guard ChartOfAccounts.mayClose(account) else { return .usedByPayments }
        let closure = AccountClosure(accountID: LedgerStore.accountID(account), closedAt: now, reason: reason)
        return try await commit { transaction, chain in
            let result = try await transaction.pipeline([
                Command(AccountClosure.lock, [.uuids([closure.accountID])]), Command(AccountClosure.standing, [.uuid(closure.accountID)]),
            ])[1]
            let refusal = try AccountClosure.refusal(result)
            if let refusal { return (refusal, .nothing, chain) }
            let (seal, next) = chain.sealing([], closures: [closure], at: now)
            _ = try await transaction.finish(with: closure.commands(seal))
            return (.closed, .nothing, next)
        }
    }
}

extension AccountClosure {
    fileprivate static func refusal(_ standing: QueryResult) throws -> ClosingResult? {
        guard standing.rowCount > 0 else { return .notFound }
        if try standing[0].bool(0) { return .alreadyClosed }
        return try standing[0].bool(1) ? .hasPendingEntries : nil
    }

    fileprivate func commands(_ seal: JournalSeal) -> [Command] {
        [
            Command(AccountClosure.mark, [.uuid(accountID), .timestamp(closedAt.microseconds)]),
            Command(AccountClosure.insert, [.uuid(accountID), .timestamp(closedAt.microseconds), .text(reason)]),
            Command(
                AccountClosure.insertSeal,
                [
                    .uuid(seal.chainID.value), .int64(seal.number), .bytes(seal.previousDigest), .bytes(seal.digest),
                    .timestamp(seal.sealedAt.microseconds), .uuids(seal.closedAccountIDs),
                ]
            ),
        ]
    }

    fileprivate static let lock = LedgerStatements.lockAccounts

    /// What the lock waited for is seen only by a statement that comes after it.
    fileprivate static let standing = Statement(
        "ledger_closing_standing",
        """
        SELECT a.closed_at IS NOT NULL, coalesce(b.debits_pending > 0 OR b.credits_pending > 0, false)
        FROM ledger_accounts a
        LEFT JOIN LATERAL (SELECT * FROM ledger_balances WHERE account_id = a.id ORDER BY version DESC LIMIT 1) b ON true
        WHERE a.id = $1
        """
    )

    fileprivate static let mark = Statement("ledger_close_account", "UPDATE ledger_accounts SET closed_at = $2 WHERE id = $1")

    fileprivate static let insert = Statement(
        "ledger_insert_closure",
        "INSERT INTO ledger_account_closures (account_id, closed_at, reason) VALUES ($1, $2, $3)"
    )

    fileprivate static let insertSeal = Statement(
        "ledger_insert_closing_seal",
        """
        INSERT INTO journal_seals (chain_id, number, previous_digest, digest, entry_ids, sealed_at, closed_account_ids)
        VALUES ($1, $2, $3, $4, '{}', $5, $6)
        """
    )
}
