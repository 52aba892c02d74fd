import Cryptography
import Payments
import PostgreSQL

/// Recomputes seals, and follows the chains that they make.
struct SealAudit {
    /// A seal that is being checked.
    struct Seal {
        var chainID: UInt128 = 0
        var number: Int64 = 0
        var previous = SIMD4<UInt64>()
        var digest = SIMD4<UInt64>()
        var sealedAt: Int64 = 0
        var entryIDs: [UInt128] = []
        var closedAccountIDs: [UInt128] = []

        var name: String { "seal \(number) of \(SealChainID(value: chainID))" }
    }

    private var rows = CopyRows(columnCount: 7)
    private var content: [UInt8] = []
    private let hasher = WordHasher()
    private(set) var chains = ChainAudit(noun: "seal")
    private(set) var sealCount: Int64 = 0

    static let copy = """
        COPY journal_seals (chain_id, number, sealed_at, previous_digest, digest, entry_ids, closed_account_ids)
            TO STDOUT (FORMAT binary)
        """

    mutating func feed(_ piece: [UInt8]?) { rows.feed(piece) }

    /// Whether the last seal was read.
    var isAtEnd: Bool { rows.isAtEnd }

    /// Reads the next seal into `seal` and follows its chain; false when more rows are needed or the end is there.
    mutating func next(_ seal: inout Seal, _ issues: inout VerificationIssues) throws -> Bool {
        guard try rows.next() else { return false }
        sealCount += 1
        seal.chainID = try rows.uuid(0)
        seal.number = try rows.int64(1)
        seal.sealedAt = try rows.timestamp(2)
        try rows.uuids(5, into: &seal.entryIDs)
        try rows.uuids(6, into: &seal.closedAccountIDs)
        if seal.entryIDs.isEmpty, seal.closedAccountIDs.isEmpty { issues.add(.seal, "\(seal.name) holds nothing") }
        guard let previous = rows.words(3), let digest = rows.words(4) else {
            issues.add(.seal, "\(seal.name) carries a digest that is none")
            seal.digest = SIMD4()
            return true
        }
        seal.previous = previous
        seal.digest = digest
        chains.add(
            ChainAudit.Seal(chainID: seal.chainID, number: seal.number, previous: seal.previous, digest: seal.digest),
            &issues
        )
        return true
    }

    /// Begins the content of a seal's digest; its entries and closures follow.
    mutating func begin(_ seal: Seal) {
        content.removeAll(keepingCapacity: true)
        append(seal.previous)
        append(seal.chainID)
        append(seal.number)
        append(seal.sealedAt)
        append(Int32(seal.entryIDs.count))
    }

    mutating func add(_ id: UInt128, _ entry: AuditedEntry) {
        append(id)
        append(entry.postedAt)
        append(entry.digest)
    }

    mutating func add(closures: [AccountClosure]) {
        guard !closures.isEmpty else { return }
        var part = CanonicalBytes(capacity: 64)
        part.append(Int32(closures.count))
        for closure in closures { closure.append(to: &part) }
        content += part.bytes
    }

    /// Whether the content has the digest that the seal carries.
    func isRight(_ seal: Seal) -> Bool {
        hasher.digest(content) == seal.digest
    }

    /// Names the chains' gaps.
    mutating func finish(_ issues: inout VerificationIssues) {
        chains.finish(&issues)
    }

    private mutating func append<Integer: FixedWidthInteger>(_ number: Integer) {
        var bigEndian = number.bigEndian
        withUnsafeBytes(of: &bigEndian) { content.append(contentsOf: $0) }
    }

    private mutating func append(_ words: SIMD4<UInt64>) {
        withUnsafeBytes(of: words) { content.append(contentsOf: $0) }
    }
}
