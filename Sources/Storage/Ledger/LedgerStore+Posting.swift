package import Payments
package import PostgreSQL

extension LedgerStore {
    /// Posts entries in bulk, with a result for each; one that is refused never spoils its neighbours.
    ///
    /// Idempotent by cause. The balances of accounts with a rule are held under lock while `PostingPlan` decides, so no rule is broken
    /// under any concurrency.
    package static func post(_ entries: [(EntryID, JournalEntry)], at now: Timestamp, on pool: ConnectionPool) async throws
        -> [PostingResult]
    {
        for attempt in 1... {
            do {
                return try await pool.transaction { transaction in try await post(entries, at: now, in: transaction) }
            } catch let error as PostgresError where error.isUniqueViolation && attempt < postingAttemptsMax {
                // Another writer booked one of the causes meanwhile; the next attempt sees it.
                continue
            }
        }
        preconditionFailure("the attempts have no end but success or an error")
    }

    private static let postingAttemptsMax = 10

    private static func post(
        _ entries: [(EntryID, JournalEntry)],
        at now: Timestamp,
        in transaction: Transaction
    ) async throws -> [PostingResult] {
        let accounts = accounts(of: entries.map(\.1))
        let state = try await LedgerState.read(accounts, causes: entries.map(\.1.cause), at: now, in: transaction)
        var plan = PostingPlan(balances: state.balances, closed: state.closed)
        var digests = state.digests
        var results: [PostingResult] = []
        var accepted: [(EntryID, JournalEntry)] = []
        for (id, entry) in entries {
            let digest = EntryContent.digest(of: entry)
            if let booked = digests[entry.cause] {
                results.append(booked == digest ? .exists : .existsWithDifferentContent)
            } else if entry.transfers.contains(where: { state.mismatched.contains($0.debit) || state.mismatched.contains($0.credit) }) {
                results.append(.accountMismatch)
            } else {
                let result = plan.post(entry)
                results.append(result)
                guard result == .created else { continue }
                digests[entry.cause] = digest
                accepted.append((id, entry))
            }
        }
        _ = try await transaction.finish(with: write(accepted, postedAt: now, knownAccounts: Set(accounts.map(\.name))))
        return results
    }
}

/// What a bulk posting has to know, held under lock where a rule depends on it.
private struct LedgerState {
    var balances: [AccountName: AccountBalance] = [:]
    var closed: Set<AccountName> = []
    /// Accounts that are in the books with another asset, class or rule.
    var mismatched: Set<LedgerAccount> = []
    var digests: [EntryCause: [UInt8]] = [:]

    /// Creates what is missing and reads, in one round trip.
    static func read(
        _ accounts: [LedgerAccount],
        causes: [EntryCause],
        at now: Timestamp,
        in transaction: Transaction
    ) async throws -> LedgerState {
        let ids = accounts.map { LedgerStore.accountID($0.name) }
        let limited = zip(ids, accounts).filter { $0.1.rule != .unrestricted }.map(\.0)
        let rules = Parameter.texts(accounts.map(\.rule.rawValue))
        let results = try await transaction.pipeline([
            Command(
                LedgerStore.insertAccounts,
                [
                    .uuids(ids), .texts(accounts.map(\.name.text)), .texts(accounts.map(\.asset.code)),
                    .texts(accounts.map(\.kind.rawValue)),
                    rules, .timestamp(now.microseconds),
                ]
            ),
            Command(LedgerStore.insertBalances, [.uuids(ids), rules]),
            Command(readAccounts, [.uuids(ids)]),
            Command(lockLimited, [.uuids(limited)]),
            LedgerStore.existingCauses(causes),
        ])
        var state = LedgerState()
        state.digests = try LedgerStore.decodeCauses(results[4])
        // One name may be described in two ways; then at most one of them is right.
        let names = Dictionary(grouping: accounts) { LedgerStore.accountID($0.name) }
        for row in results[2].rows { try state.take(account: row, names) }
        for row in results[3].rows {
            guard let account = names[try row.uuid(0)]?.first else { continue }
            state.balances[account.name] = AccountBalance(
                debitsPosted: try row.numeric(1),
                creditsPosted: try row.numeric(2),
                debitsPending: try row.numeric(3),
                creditsPending: try row.numeric(4)
            )
        }
        return state
    }

    private mutating func take(account row: Row, _ names: [UInt128: [LedgerAccount]]) throws {
        for account in names[try row.uuid(0)] ?? [] { try take(account, as: row) }
    }

    private mutating func take(_ account: LedgerAccount, as row: Row) throws {
        if try row.bool(4) { closed.insert(account.name) }
        let isSame = try row.text(1) == account.asset.code && row.text(2) == account.kind.rawValue && row.text(3) == account.rule.rawValue
        if !isSame { mismatched.insert(account) }
    }

    private static let readAccounts = Statement(
        "ledger_read_accounts",
        "SELECT id, asset, class, rule, closed_at IS NOT NULL FROM ledger_accounts WHERE id = ANY($1::uuid[])"
    )

    private static let lockLimited = Statement(
        "ledger_lock_limited",
        """
        SELECT account_id, debits_posted, credits_posted, debits_pending, credits_pending FROM ledger_balances
        WHERE account_id = ANY($1::uuid[]) ORDER BY account_id FOR UPDATE
        """
    )
}
