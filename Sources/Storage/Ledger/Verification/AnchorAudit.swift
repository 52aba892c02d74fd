import Cryptography
import Payments
import PostgreSQL

/// Recomputes the anchors in their order, and finds what is not anchored yet.
struct AnchorAudit {
    private var rows = CopyRows(columnCount: 7)
    private var last = SIMD4<UInt64>()
    private var heads: [UInt128: Int64] = [:]
    /// What chains say they began after, as long as no anchor of that digest was seen.
    private var origins: [SIMD4<UInt64>: [UInt128]] = [:]
    private let chains: [UInt128: ChainAudit.End]
    private let expected: SIMD4<UInt64>?
    private var isExpectedFound = false
    private(set) var count: Int64 = 0
    private var number: Int64 = 0

    static let copy = """
        COPY (SELECT number, previous_digest, digest, anchored_at, chain_ids, numbers, digests FROM journal_anchors ORDER BY number)
            TO STDOUT (FORMAT binary)
        """

    /// Begins with the chains as they were followed, and the head that somebody kept, if any.
    init(chains: [UInt128: ChainAudit.End], expected: SIMD4<UInt64>?) {
        self.chains = chains
        self.expected = expected
        for (id, end) in chains where end.origin != SIMD4() { origins[end.origin, default: []].append(id) }
    }

    /// Checks the anchors of one piece.
    mutating func check(_ piece: [UInt8], _ issues: inout VerificationIssues) throws {
        rows.feed(piece)
        while try rows.next() { try checkRow(&issues) }
    }

    private mutating func checkRow(_ issues: inout VerificationIssues) throws {
        count += 1
        let number = try rows.int64(0)
        var chainIDs: [UInt128] = []
        try rows.uuids(4, into: &chainIDs)
        let numbers = try rows.int64s(5)
        let digests = try rows.wordsArray(6)
        guard let previous = rows.words(1), let digest = rows.words(2), numbers.count == chainIDs.count, digests.count == chainIDs.count,
            !digests.contains(nil)
        else {
            issues.add(.anchor, "anchor \(number) does not have the form of one")
            return
        }
        if number != self.number + 1 { issues.add(.anchor, "before anchor \(number) one is missing") }
        if previous != last { issues.add(.anchor, "anchor \(number) does not go on from the anchor before it") }
        let heads = zip(chainIDs, zip(numbers, digests)).map { id, head in
            JournalAnchor.Head(chainID: SealChainID(value: id), number: head.0, digest: (head.1 ?? SIMD4()).digestBytes)
        }
        let anchoredAt = Timestamp(microseconds: try rows.timestamp(3))
        let right = JournalAnchor.digest(previous: previous.digestBytes, number: number, anchoredAt: anchoredAt, heads: heads)
        if right != digest.digestBytes { issues.add(.anchor, "anchor \(number) does not have the digest of what it holds") }
        for (id, head) in zip(chainIDs, numbers) { follow(id, head, anchor: number, &issues) }
        if digest == expected { isExpectedFound = true }
        origins[digest] = nil
        last = digest
        self.number = number
    }

    private mutating func follow(_ chainID: UInt128, _ head: Int64, anchor: Int64, _ issues: inout VerificationIssues) {
        if head < heads[chainID] ?? 1 {
            issues.add(.anchor, "anchor \(anchor) goes back in \(SealChainID(value: chainID))")
        }
        heads[chainID] = head
    }

    /// What the anchors come to.
    struct Outcome {
        let lastAnchor: [UInt8]?
        /// Seals that no anchor holds so far.
        let tail: Int64
        /// Stands for the whole book: the last anchor, and the heads of the chains that have grown since.
        let book: [UInt8]
    }

    /// Names chains that began nowhere and a kept head that is no longer part of the book, and tells what is behind the last anchor.
    func finish(_ issues: inout VerificationIssues) -> Outcome {
        for id in origins.values.flatMap({ $0 }).sorted() {
            issues.add(.chain, "\(SealChainID(value: id)) began after an anchor that is not there")
        }
        let grown = chains.filter { $0.value.number > heads[$0.key] ?? 0 }.sorted { $0.key < $1.key }
        let tail = grown.reduce(0) { $0 + $1.value.number - (heads[$1.key] ?? 0) }
        let book = AnchorAudit.bookDigest(after: last.digestBytes, grown)
        if let expected, !isExpectedFound, expected.digestBytes != book {
            issues.add(.head, "the head \(Hexadecimal.encode(expected.digestBytes)) is not part of this book")
        }
        return Outcome(lastAnchor: count > 0 ? last.digestBytes : nil, tail: tail, book: book)
    }

    private static func bookDigest(after last: [UInt8], _ grown: [(key: UInt128, value: ChainAudit.End)]) -> [UInt8] {
        guard !grown.isEmpty else { return last }
        var content = CanonicalBytes(capacity: 64 + 56 * grown.count)
        content.append(raw: last)
        let heads = grown.map {
            JournalAnchor.Head(chainID: SealChainID(value: $0.key), number: $0.value.number, digest: $0.value.digest.digestBytes)
        }
        JournalAnchor.append(heads, to: &content)
        return SHA256.digest(content.bytes)
    }
}
