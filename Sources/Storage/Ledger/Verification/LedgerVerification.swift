package import PostgreSQL

/// Recomputes the books from their rows and compares; one snapshot, whatever is posted meanwhile.
package enum LedgerVerification {
    /// Runs every check and names what is wrong.
    ///
    /// It connects on its own, as `pool` does, with five connections that share one snapshot. `expected` is the digest of an anchor that
    /// was kept elsewhere: it must still be part of the book.
    ///
    /// - Throws: `PostgresError` when the database cannot be read.
    package static func verify(
        on pool: ConnectionPool,
        expecting expected: [UInt8]? = nil,
        progress: @escaping @Sendable (LedgerVerificationProgress) -> Void
    ) async throws -> LedgerVerificationReport {
        try await ConnectionPool.with(configuration(pool.configuration)) { own in
            try await own.transaction(isolation: .repeatableRead, readOnly: true) { leader in
                let snapshot = try await leader.execute(exportSnapshot)[0].text(0)
                let reading = SnapshotReading(pool: own, snapshot: snapshot)
                return try await verify(leader, reading, expecting: expected.flatMap(words), progress)
            }
        }
    }

    /// What is read of the tables that grow with the book: a name, the settings of the transaction, and the COPY.
    package static var largeCopies: [(name: String, settings: String, copy: String)] {
        [
            ("balances", BalanceAudit.copy), ("seals", SealAudit.copy), ("entries", EntryAudit.copyEntries),
            ("transfers", EntryAudit.copyTransfers),
        ].map { ($0.0, SnapshotReading.settings(for: $0.1), $0.1) }
    }

    private static func verify(
        _ leader: Transaction,
        _ reading: SnapshotReading,
        expecting expected: SIMD4<UInt64>?,
        _ progress: @escaping @Sendable (LedgerVerificationProgress) -> Void
    ) async throws -> LedgerVerificationReport {
        let begun = try await begin(reading)
        var audit = begun.audit
        let entries = try await recompute(&audit, open: begun.open, reading, progress)
        var issues = audit.issues
        issues.add(entries.issues)
        let records = try await checkRecords(leader, reading, &issues)
        // No chain is of both kinds, for each is begun by chance.
        let chains = audit.seals.chains.all.merging(records.chains.all) { first, _ in first }
        var anchors = AnchorAudit(chains: chains, expected: expected)
        try await reading.forEachPiece(AnchorAudit.copy) { try anchors.check($0, &issues) }
        let outcome = anchors.finish(&issues)
        var charges = ChargeFingerprints()
        try await reading.forEachRow(ForeignChecks.copyCharges, columnCount: 5) { try ForeignChecks.add($0, to: &charges) }
        for check in ForeignChecks.checks + (charges == entries.charges ? [] : [ForeignChecks.unequalCharges]) {
            for sentence in try await leader.execute(check.statement).rows.map({ try $0.text(0) }) { issues.add(check.kind, sentence) }
        }
        return LedgerVerificationReport(
            issues: issues.all,
            entryCount: entries.entryCount,
            transferCount: entries.transferCount,
            accountCount: Int64(audit.accounts.accounts.count),
            sealCount: audit.seals.sealCount,
            recordCount: records.recordCount,
            recordSealCount: records.sealCount,
            anchorCount: anchors.count,
            unanchoredSealCount: outcome.tail,
            anchorDigest: outcome.lastAnchor,
            bookDigest: outcome.book
        )
    }

    /// Recomputes what is sealed beside the books.
    private static func checkRecords(
        _ leader: Transaction,
        _ reading: SnapshotReading,
        _ issues: inout VerificationIssues
    ) async throws -> RecordSealAudit {
        var audit = RecordSealAudit()
        try await reading.forEachPiece(RecordSealAudit.copy) { try audit.check($0, &issues) }
        for kind in SealedRecord.allCases {
            try await reading.forEachRow(kind.copy, columnCount: 2) { try audit.add(kind, $0) }
        }
        for kind in audit.finish(&issues) {
            let check = RecordSealAudit.differences(kind)
            for sentence in try await leader.execute(check.statement).rows.map({ try $0.text(0) }) { issues.add(check.kind, sentence) }
        }
        return audit
    }

    private static func begin(_ reading: SnapshotReading) async throws -> (audit: BookAudit, open: [UInt128: Int64?]) {
        var issues = VerificationIssues()
        var accounts = BookAccounts()
        var closures = ClosureAudit()
        var open: [UInt128: Int64?] = [:]
        try await reading.forEachRow(BookAccounts.copy, columnCount: BookAccounts.columnCount) { try accounts.add($0, &issues) }
        try await reading.forEachRow(ClosureAudit.copy, columnCount: ClosureAudit.columnCount) { try closures.add($0) }
        try await reading.forEachRow(copyOpenEntries, columnCount: 2) {
            open[try $0.uuid(0)] = .some(try $0.isNull(1) ? nil : $0.timestamp(1))
        }
        return (BookAudit(accounts: accounts, closures: closures, issues: issues), open)
    }

    private static func recompute(
        _ audit: inout BookAudit,
        open: [UInt128: Int64?],
        _ reading: SnapshotReading,
        _ progress: @escaping @Sendable (LedgerVerificationProgress) -> Void
    ) async throws -> EntryStage.Outcome {
        let began = ContinuousClock.now
        let accounts = audit.accounts
        return try await reading.withStreams(largeCopies.map(\.copy)) { streams in
            let handover = Handover<[EntryStage.Found]>(countMax: EntryStage.batchesMax)
            async let outcome = EntryStage.run(accounts, open: open, entries: streams[2], transfers: streams[3], to: handover)
            // Whatever ends this, the other task must not wait for it.
            defer { handover.end() }
            while let source = try audit.work() {
                switch source {
                case .balances: audit.feed(balances: try await streams[0].next())
                case .seals: audit.feed(seals: try await streams[1].next())
                case .entries: audit.feed(entries: await handover.take())
                }
                progress(LedgerVerificationProgress(entryCount: audit.entryCount, elapsed: ContinuousClock.now - began))
            }
            for stream in streams[...1] { while try await stream.next() != nil {} }
            return try await outcome
        }
    }

    private static func words(_ bytes: [UInt8]) -> SIMD4<UInt64>? {
        guard bytes.count == 32 else { return nil }
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
    }

    /// One connection holds the snapshot and four read at the same time; none is ended because it takes long.
    private static func configuration(_ given: ConnectionPool.Configuration) -> ConnectionPool.Configuration {
        ConnectionPool.Configuration(
            connectionString: given.connectionString,
            minimumConnections: 0,
            maximumConnections: largeCopies.count + 1,
            acquireTimeout: .seconds(20),
            connectTimeout: given.connectTimeout,
            sessionSetup: given.sessionSetup + ["SET statement_timeout = 0", "SET idle_in_transaction_session_timeout = 0"],
            applicationName: given.applicationName
        )
    }

    private static let exportSnapshot = Statement("ledger_verify_snapshot", "SELECT pg_export_snapshot()")
    private static let copyOpenEntries = "COPY (SELECT entry_id, expires_at FROM ledger_open_entries) TO STDOUT (FORMAT binary)"
}
