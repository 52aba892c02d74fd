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
        let own = ConnectionPool(configuration: configuration(pool.configuration))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await own.run() }
            defer { group.cancelAll() }
            return try await own.transaction(isolation: .repeatableRead, readOnly: true) { leader in
                let snapshot = try await leader.execute(exportSnapshot)[0].text(0)
                let reading = SnapshotReading(pool: own, snapshot: snapshot)
                return try await verify(leader, reading, expecting: expected.flatMap(words), progress)
            }
        }
    }

    private static func verify(
        _ leader: Transaction,
        _ reading: SnapshotReading,
        expecting expected: SIMD4<UInt64>?,
        _ progress: @escaping @Sendable (LedgerVerificationProgress) -> Void
    ) async throws -> LedgerVerificationReport {
        var audit = try await begin(reading)
        try await recompute(&audit, reading, progress)
        var issues = audit.issues
        var anchors = AnchorAudit(chains: audit.seals.chains.all, expected: expected)
        try await reading.forEachPiece(AnchorAudit.copy) { try anchors.check($0, &issues) }
        let outcome = anchors.finish(&issues)
        var charges = ChargeFingerprint()
        try await reading.forEachRow(ForeignChecks.copyCharges, columnCount: 2) { charges.book(try $0.uuid(0), try $0.numeric(1)) }
        for check in ForeignChecks.checks + (charges == audit.entries.charges ? [] : [ForeignChecks.unequalCharges]) {
            for sentence in try await leader.execute(check.statement).rows.map({ try $0.text(0) }) { issues.add(check.kind, sentence) }
        }
        return LedgerVerificationReport(
            issues: issues.all,
            entryCount: audit.entries.entryCount,
            transferCount: audit.entries.transferCount,
            accountCount: Int64(audit.accounts.accounts.count),
            sealCount: audit.seals.sealCount,
            anchorCount: anchors.count,
            unanchoredSealCount: outcome.tail,
            anchorDigest: outcome.lastAnchor,
            bookDigest: outcome.book
        )
    }

    private static func begin(_ reading: SnapshotReading) async throws -> BookAudit {
        var issues = VerificationIssues()
        var accounts = BookAccounts()
        var closures = ClosureAudit()
        var open: [UInt128: Int64?] = [:]
        try await reading.forEachRow(BookAccounts.copy, columnCount: BookAccounts.columnCount) { try accounts.add($0, &issues) }
        try await reading.forEachRow(ClosureAudit.copy, columnCount: ClosureAudit.columnCount) { try closures.add($0) }
        try await reading.forEachRow(copyOpenEntries, columnCount: 2) {
            open[try $0.uuid(0)] = .some(try $0.isNull(1) ? nil : $0.timestamp(1))
        }
        return BookAudit(accounts: accounts, closures: closures, openEntries: open, issues: issues)
    }

    private static func recompute(
        _ audit: inout BookAudit,
        _ reading: SnapshotReading,
        _ progress: @escaping @Sendable (LedgerVerificationProgress) -> Void
    ) async throws {
        let began = ContinuousClock.now
        try await reading.withStreams(BookAudit.Source.allCases.map(\.copy)) { streams in
            while let source = try audit.work() {
                audit.feed(source, try await streams[source.rawValue].next())
                progress(LedgerVerificationProgress(entryCount: audit.entries.entryCount, elapsed: ContinuousClock.now - began))
            }
            for stream in streams { while try await stream.next() != nil {} }
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
            maximumConnections: BookAudit.Source.allCases.count + 1,
            acquireTimeout: .seconds(20),
            connectTimeout: given.connectTimeout,
            sessionSetup: given.sessionSetup + ["SET statement_timeout = 0", "SET idle_in_transaction_session_timeout = 0"],
            applicationName: given.applicationName
        )
    }

    private static let exportSnapshot = Statement("ledger_verify_snapshot", "SELECT pg_export_snapshot()")
    private static let copyOpenEntries = "COPY (SELECT entry_id, expires_at FROM ledger_open_entries) TO STDOUT (FORMAT binary)"
}

extension BookAudit.Source {
    fileprivate var copy: String {
        switch self {
        case .balances: BalanceAudit.copy
        case .seals: SealAudit.copy
        case .entries: EntryAudit.copyEntries
        case .transfers: EntryAudit.copyTransfers
        }
    }
}
