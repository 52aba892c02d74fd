import Payments
import PostgreSQL
import Storage
import TestSupport
import Testing

@Suite("Verification of falsified books", .timeLimit(.minutes(10)))
struct VerificationFalsifiedTests {
    /// Runs `body` with a book that is right, somebody who may do everything, and the head that was kept elsewhere.
    private static func withBook(_ body: (ConnectionPool, Falsification, [UInt8]) async throws -> Void) async throws {
        let database = try await TestDatabase.migrated()
        let head = try await database.withPool { try await SampleBook(pool: $0).write() }
        try await database.withPool(setup: Falsification.setup) { owner in
            let falsification = Falsification(pool: owner)
            try await falsification.prepare()
            try await database.withPool { pool in
                #expect(try await SampleBook.issues(pool, expecting: head) == [])
                try await body(pool, falsification, head)
            }
        }
    }

    /// What a sentence about a row of the table may call it; the row may have been changed in any column.
    private static func names(_ table: String, _ row: String, _ falsification: Falsification) async throws -> [String] {
        let columns: [String] =
            switch table {
            case "journal_entries": ["id"]
            case "transfers", "ledger_open_entries": ["entry_id"]
            case "ledger_accounts": ["id", "name"]
            case "ledger_account_closures": ["account_id"]
            case "ledger_balances": ["account_id"]
            case "journal_seals", "journal_record_seals": ["chain_id"]
            default: ["number"]
            }
        var names: [String] = []
        for column in columns {
            guard let text = try await falsification.text("SELECT \(column)::text FROM \(table) WHERE ctid = '\(row)'") else { continue }
            names.append(column == "number" ? "anchor \(text)" : text)
            guard let value = UInt128(text.filter { $0 != "-" }, radix: 16), text.count == 36 else { continue }
            names += [EntryID(value: value).description, SealChainID(value: value).description]
            if let name = try await falsification.text("SELECT name FROM ledger_accounts WHERE id = '\(text)'") { names.append(name) }
        }
        return names
    }

    @Test("one byte or unit of any column of any row of any table is found and named")
    func everyColumn() async throws {
        try await Self.withBook { pool, falsification, head in
            var changed = 0
            for column in try await falsification.columns() {
                var count = 0
                for isNull in [false, true] {
                    for row in try await falsification.rows(column, isNull: isNull) {
                        let change = isNull ? Falsification.filled(column) : Falsification.changed(column)
                        let place = "\(column.table).\(column.name) of row \(row)"
                        let assignment = try #require(change, "no change is known for \(place)")
                        var names = try await Self.names(column.table, row, falsification)
                        let mark = "UPDATE \(column.table) SET \(assignment) WHERE ctid = '\(row)' RETURNING ctid::text"
                        let after = try #require(try await falsification.text(mark), "\(place)")
                        names += try await Self.names(column.table, after, falsification)
                        let issues = try await SampleBook.issues(pool, expecting: head)
                        #expect(issues.contains { issue in names.contains { issue.contains($0) } }, "\(place): \(names) in \(issues)")
                        try await falsification.restore(column.table)
                        count += 1
                    }
                }
                #expect(count > 0, "the sample book has no value in \(column.table).\(column.name)")
                changed += count
            }
            #expect(changed > 400)
            #expect(try await SampleBook.issues(pool, expecting: head) == [])
        }
    }

    @Test("any row of any table that is taken away is found")
    func deleted() async throws {
        try await Self.withBook { pool, falsification, head in
            for table in Falsification.tables {
                let rows = try await falsification.text("SELECT string_agg(ctid::text, ';') FROM \(table)") ?? ""
                for row in rows.split(separator: ";") {
                    try await falsification.run("DELETE FROM \(table) WHERE ctid = '\(row)'")
                    #expect(try await SampleBook.issues(pool, expecting: head) != [], "\(table) \(row)")
                    try await falsification.restore(table)
                }
            }
        }
    }

    @Test(
        "what is inserted, exchanged or made to look right is found",
        arguments: [
            (
                "INSERT INTO transfers SELECT entry_id, ordinal + 9, debit_account_id, credit_account_id, asset, amount FROM transfers",
                "digest"
            ),
            (
                """
                INSERT INTO transfers SELECT gen_random_uuid(), 0, debit_account_id, credit_account_id, asset, amount FROM transfers
                LIMIT 1
                """, "which is not there"
            ),
            (
                """
                INSERT INTO journal_entries (id, cause, kind, occurred_at, posted_at, content_digest)
                SELECT gen_random_uuid(), 'forged', kind, occurred_at, posted_at, content_digest FROM journal_entries LIMIT 1
                """, "is in no seal"
            ),
            (
                """
                INSERT INTO ledger_balances SELECT account_id, version + 1, posted_at, rule, debits_posted, credits_posted, debits_pending,
                    credits_pending, entry_ids FROM ledger_balances ORDER BY version DESC LIMIT 1
                """, "in no commit"
            ),
            ("INSERT INTO ledger_open_entries VALUES (gen_random_uuid(), NULL)", "not pending"),
            ("INSERT INTO ledger_accounts SELECT gen_random_uuid(), 'a:b', asset, class, rule FROM ledger_accounts LIMIT 1", "its id"),
            ("INSERT INTO ledger_account_closures SELECT id, now(), 'x' FROM ledger_accounts WHERE closed_at IS NULL", "in no seal"),
            (
                """
                INSERT INTO journal_seals (chain_id, number, previous_digest, digest, entry_ids, sealed_at)
                SELECT chain_id, number + 1, digest, sha256('x'), '{}', sealed_at FROM journal_seals ORDER BY number DESC LIMIT 1
                """, "holds nothing"
            ),
            (
                """
                INSERT INTO journal_seals (chain_id, number, previous_digest, digest, entry_ids, sealed_at)
                SELECT gen_random_uuid(), 1, previous_digest, digest, entry_ids, sealed_at FROM journal_seals LIMIT 1
                """, "or in another seal"
            ),
            (
                """
                INSERT INTO journal_anchors SELECT number + 1, digest, sha256('x'), chain_ids, numbers, digests, anchored_at
                FROM journal_anchors ORDER BY number DESC LIMIT 1
                """, "digest of what it holds"
            ),
            ("UPDATE transfers t SET amount = 15000 - t.amount WHERE amount IN (5000, 10000)", "digest"),
            ("UPDATE ledger_accounts SET class = CASE class WHEN 'asset' THEN 'expense' ELSE class END", "digest"),
            ("UPDATE ledger_accounts SET rule = 'unrestricted'; UPDATE ledger_balances SET rule = 0", "digest"),
            ("UPDATE journal_entries SET phase = 'expire' WHERE phase = 'void'", "digest"),
            ("UPDATE journal_seals SET entry_ids = ARRAY[entry_ids[2], entry_ids[1]] || entry_ids[3:]", "digest of what it holds"),
            ("UPDATE ledger_balances SET debits_posted = debits_posted + 1, credits_posted = credits_posted + 1", "is not the one before"),
            ("UPDATE ledger_accounts SET closed_at = NULL", "is not closed as"),
            ("UPDATE charges SET amount_captured = amount_captured + 1", "the books"),
            ("DELETE FROM charges", "which is not there"),
            ("DELETE FROM journal_anchors WHERE number = (SELECT max(number) FROM journal_anchors)", "not part of this book"),
        ]
    )
    func forged(sql: String, named: String) async throws {
        try await Self.withBook { pool, falsification, head in
            try await falsification.run(sql)
            let issues = try await SampleBook.issues(pool, expecting: head)
            #expect(issues.contains { $0.contains(named) }, "\(issues)")
        }
    }

    @Test("a book whose rows are all consistent again after a change is told by the head that was kept elsewhere")
    func rewritten() async throws {
        try await Self.withBook { pool, falsification, head in
            // Everything behind the first anchor is gone, as if it had never been.
            let kept = "(SELECT unnest(entry_ids) FROM journal_seals)"
            try await falsification.run(
                """
                DELETE FROM journal_anchors WHERE number > 1;
                DELETE FROM journal_seals s WHERE NOT EXISTS (
                    SELECT FROM journal_anchors a, unnest(chain_ids, numbers) h(c, n) WHERE s.chain_id = h.c AND s.number <= h.n);
                DELETE FROM journal_entries WHERE id NOT IN \(kept);
                DELETE FROM transfers WHERE entry_id NOT IN \(kept);
                DELETE FROM ledger_balances WHERE entry_ids[1] NOT IN \(kept);
                DELETE FROM ledger_open_entries; DELETE FROM ledger_account_closures; UPDATE ledger_accounts SET closed_at = NULL;
                """
            )
            #expect(try await SampleBook.issues(pool) == [])
            #expect(try await SampleBook.issues(pool, expecting: head).contains { $0.contains("not part of this book") })
        }
    }
}
