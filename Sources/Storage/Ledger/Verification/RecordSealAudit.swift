import Payments
import PostgreSQL

/// Recomputes the seals over what payments rest on beside the books, follows their chains, and recomputes the records themselves.
///
/// Seals and records are compared by sums that stay small; only when those differ is the database asked which records they are.
struct RecordSealAudit {
    private var rows = CopyRows(columnCount: 8)
    private var content: [UInt8] = []
    private let hasher = WordHasher()
    private var ids: [UInt128] = []
    private var sealed: [SealedRecord: RecordFingerprint] = [:]
    private var found: [SealedRecord: RecordFingerprint] = [:]
    private(set) var chains = ChainAudit(noun: "record seal")
    private(set) var sealCount: Int64 = 0

    static let copy = """
        COPY journal_record_seals (chain_id, number, previous_digest, digest, kind, record_ids, record_digests, sealed_at)
            TO STDOUT (FORMAT binary)
        """

    /// How many records there are.
    var recordCount: Int64 { found.values.reduce(0) { $0 + $1.count } }

    /// Checks the seals of one piece.
    mutating func check(_ piece: [UInt8], _ issues: inout VerificationIssues) throws {
        rows.feed(piece)
        while try rows.next() { try checkSeal(&issues) }
    }

    private mutating func checkSeal(_ issues: inout VerificationIssues) throws {
        sealCount += 1
        let chainID = try rows.uuid(0)
        let number = try rows.int64(1)
        let name = "record seal \(number) of \(SealChainID(value: chainID))"
        try rows.uuids(5, into: &ids)
        let digests = try rows.wordsArray(6)
        guard let previous = rows.words(2), let digest = rows.words(3), digests.count == ids.count, !digests.contains(nil) else {
            return issues.add(.seal, "\(name) does not have the form of one")
        }
        chains.add(ChainAudit.Seal(chainID: chainID, number: number, previous: previous, digest: digest), &issues)
        makeContent()
        if hasher.digest(content) != digest { issues.add(.seal, "\(name) does not have the digest of what it holds") }
        guard let kind = SealedRecord(rawValue: rows.text(4) ?? "") else {
            return issues.add(.seal, "\(name) holds records of a kind that is not known")
        }
        for (id, digest) in zip(ids, digests) { sealed[kind, default: RecordFingerprint()].add(id, digest ?? SIMD4()) }
    }

    /// What a seal's digest is over: the digest before, and its other columns as `record_send` writes them.
    private mutating func makeContent() {
        content.removeAll(keepingCapacity: true)
        rows.copy(2, to: &content)
        append(Int32(RecordSealAudit.sealedColumns.count))
        for (column, type) in RecordSealAudit.sealedColumns {
            append(type)
            rows.append(column...column, to: &content)
        }
    }

    /// Columns of the copy with the numbers of their types in PostgreSQL's catalogue: uuid, bigint, timestamptz, text, uuid[], bytea[].
    private static let sealedColumns: [(Int, Int32)] = [(0, 2950), (1, 20), (7, 1184), (4, 25), (5, 2951), (6, 1001)]

    private mutating func append(_ number: Int32) {
        withUnsafeBytes(of: number.bigEndian) { content.append(contentsOf: $0) }
    }

    /// Adds one record of a kind, read by its `copy`.
    mutating func add(_ kind: SealedRecord, _ row: CopyRows) throws {
        content.removeAll(keepingCapacity: true)
        row.copy(1, to: &content)
        found[kind, default: RecordFingerprint()].add(try row.uuid(0), hasher.digest(content))
    }

    /// The kinds of which something differs; names the chains' gaps.
    mutating func finish(_ issues: inout VerificationIssues) -> [SealedRecord] {
        chains.finish(&issues)
        return SealedRecord.allCases.filter { sealed[$0] != found[$0] }
    }

    /// Asks which records of a kind differ from what was sealed.
    static func differences(_ kind: SealedRecord) -> ForeignChecks.Check {
        ForeignChecks.Check(
            kind: .record,
            statement: Statement(
                "ledger_verify_\(kind.rawValue)",
                """
                SELECT '\(kind.title) ' || coalesce(r.id, s.id) || CASE
                        WHEN s.id IS NULL THEN ' is in no seal'
                        WHEN r.id IS NULL THEN ' was sealed and is not there'
                        WHEN s.seals > 1 THEN ' is in ' || s.seals || ' seals'
                        ELSE ' is not as it was sealed'
                    END
                FROM (SELECT id, sha256(content) AS digest FROM (\(kind.rows)) AS c) AS r FULL JOIN (
                    SELECT u.id, (array_agg(u.digest))[1] AS digest, count(*) AS seals
                    FROM journal_record_seals j CROSS JOIN LATERAL unnest(j.record_ids, j.record_digests) AS u(id, digest)
                    WHERE j.kind = '\(kind.rawValue)' GROUP BY u.id
                ) AS s ON s.id = r.id
                WHERE s.seals IS DISTINCT FROM 1 OR r.digest IS DISTINCT FROM s.digest LIMIT 101
                """
            )
        )
    }
}
