import Cryptography
package import Payments
package import PostgreSQL

/// The books: accounts, entries, transfers, balances.
///
/// An entry is written with all its transfers and what they do to the balances in one commit. A batch adds up what it does to an account
/// and changes the account's balance once.
package enum LedgerStore {
    /// The id of an account, made from its name: the first half of a SHA-256.
    package static func accountID(_ name: AccountName) -> UInt128 {
        SHA256.digest(Array("account:\(name.text)".utf8)).prefix(16).reduce(0) { $0 << 8 | UInt128($1) }
    }

    /// Looks which causes have been booked.
    package static func existingCauses(_ causes: [EntryCause]) -> Command {
        Command(findCauses, [.texts(causes.map(\.text))])
    }

    /// The booked causes with the digests of their entries' content.
    package static func decodeCauses(_ result: QueryResult) throws -> [EntryCause: [UInt8]] {
        Dictionary(try result.rows.map { (EntryCause(try $0.text(0)), try $0.bytes(1)) }) { first, _ in first }
    }

    /// Writes entries whose causes are new and whose accounts may take them.
    ///
    /// Accounts that are not in `knownAccounts` are created when they are missing. The balances come last, in the order of the accounts'
    /// ids, so that rows which many batches share are locked shortly and never crosswise. A cause that is booked already refuses the whole.
    package static func write(
        _ entries: [(EntryID, JournalEntry)],
        postedAt now: Timestamp,
        knownAccounts: Set<AccountName>
    ) -> [Command] {
        guard !entries.isEmpty else { return [] }
        return accountCommands(entries.map(\.1), knownAccounts, now) + [
            entryCommand(entries, now), transferCommand(entries),
        ] + balanceCommands(entries.map(\.1))
    }

    private static func accountCommands(_ entries: [JournalEntry], _ known: Set<AccountName>, _ now: Timestamp) -> [Command] {
        let accounts = accounts(of: entries).filter { !known.contains($0.name) }
        guard !accounts.isEmpty else { return [] }
        let ids = Parameter.uuids(accounts.map { accountID($0.name) })
        return [
            Command(
                insertAccounts,
                [
                    ids, .texts(accounts.map(\.name.text)), .texts(accounts.map(\.asset.code)), .texts(accounts.map(\.kind.rawValue)),
                    .texts(accounts.map(\.rule.rawValue)), .timestamp(now.microseconds),
                ]
            ),
            Command(insertBalances, [ids, .texts(accounts.map(\.rule.rawValue))]),
        ]
    }

    /// The accounts that entries touch, each once, in the order of their ids.
    static func accounts(of entries: [JournalEntry]) -> [LedgerAccount] {
        let all = Set(entries.flatMap(\.transfers).flatMap { [$0.debit, $0.credit] })
        return all.map { (accountID($0.name), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    private static func entryCommand(_ entries: [(EntryID, JournalEntry)], _ now: Timestamp) -> Command {
        Command(
            insertEntries,
            [
                .uuids(entries.map(\.0.value)), .texts(entries.map(\.1.cause.text)), .texts(entries.map(\.1.kind.rawValue)),
                .optionalUUIDs(entries.map { $0.1.chargeID?.value }), .timestamps(entries.map(\.1.occurredAt.microseconds)),
                .bytesArray(entries.map { EntryContent.digest(of: $0.1) }), .timestamp(now.microseconds),
            ]
        )
    }

    private static func transferCommand(_ entries: [(EntryID, JournalEntry)]) -> Command {
        let rows = entries.flatMap { id, entry in entry.transfers.enumerated().map { (id, $0.offset, $0.element) } }
        return Command(
            insertTransfers,
            [
                .uuids(rows.map(\.0.value)), .int32s(rows.map { Int32($0.1) }), .uuids(rows.map { accountID($0.2.debit.name) }),
                .uuids(rows.map { accountID($0.2.credit.name) }), .texts(rows.map(\.2.amount.asset.code)),
                .numerics(rows.map(\.2.amount.minorUnits)),
            ]
        )
    }

    private static func balanceCommands(_ entries: [JournalEntry]) -> [Command] {
        var changes: [UInt128: (debits: Int128, credits: Int128)] = [:]
        for transfer in entries.flatMap(\.transfers) {
            changes[accountID(transfer.debit.name), default: (0, 0)].debits += transfer.amount.minorUnits
            changes[accountID(transfer.credit.name), default: (0, 0)].credits += transfer.amount.minorUnits
        }
        let sorted = changes.sorted { $0.key < $1.key }
        let ids = Parameter.uuids(sorted.map(\.key))
        return [
            Command(lockBalances, [ids]),
            Command(addToBalances, [ids, .numerics(sorted.map(\.value.debits)), .numerics(sorted.map(\.value.credits))]),
        ]
    }

    private static let findCauses = Statement(
        "ledger_find_causes",
        "SELECT cause, content_digest FROM journal_entries WHERE cause = ANY($1::text[])"
    )

    static let insertAccounts = Statement(
        "ledger_insert_accounts",
        """
        INSERT INTO ledger_accounts (id, name, asset, class, rule, created_at)
        SELECT d.*, $6 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) AS d
        ON CONFLICT DO NOTHING
        """
    )

    static let insertBalances = Statement(
        "ledger_insert_balances",
        "INSERT INTO ledger_balances (account_id, rule) SELECT * FROM unnest($1::uuid[], $2::text[]) ON CONFLICT DO NOTHING"
    )

    private static let insertEntries = Statement(
        "ledger_insert_entries",
        """
        INSERT INTO journal_entries (id, cause, kind, charge_id, occurred_at, content_digest, posted_at)
        SELECT d.*, $7 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::timestamptz[], $6::bytea[]) AS d
        """
    )

    private static let insertTransfers = Statement(
        "ledger_insert_transfers",
        """
        INSERT INTO transfers (entry_id, ordinal, debit_account_id, credit_account_id, asset, amount)
        SELECT * FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::uuid[], $5::text[], $6::numeric[])
        """
    )

    private static let lockBalances = Statement(
        "ledger_lock_balances",
        "SELECT FROM ledger_balances WHERE account_id = ANY($1::uuid[]) ORDER BY account_id FOR UPDATE"
    )

    private static let addToBalances = Statement(
        "ledger_add_to_balances",
        """
        UPDATE ledger_balances b SET debits_posted = b.debits_posted + d.debits, credits_posted = b.credits_posted + d.credits
        FROM unnest($1::uuid[], $2::numeric[], $3::numeric[]) AS d(id, debits, credits)
        WHERE b.account_id = d.id
        """
    )
}
