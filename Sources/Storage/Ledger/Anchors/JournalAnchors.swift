package import Payments
import PostgreSQL

/// Writes anchors over the chains of all gateways, as one of the gateways sees them.
///
/// Nobody waits for it: it reads the ends of the chains and adds a row. Several gateways may try at once; the number decides who did it,
/// and what the loser saw is in a later anchor.
package struct JournalAnchors: Sendable {
    private let ledger: Ledger
    private var last: Last?
    /// How far chains are anchored, as far as this gateway has read; who has just started may anchor some heads once more.
    private var anchored: [SealChainID: Int64] = [:]

    private struct Last {
        let number: Int64
        let digest: [UInt8]
        let anchoredAt: Timestamp
    }

    /// Chains that are older than this before the last anchor have ended and were anchored when they had.
    private static let lookBack = SealChains.lifetime * 3

    /// Anchors the chains of `ledger`.
    package init(ledger: Ledger) {
        self.ledger = ledger
    }

    /// Writes an anchor when chains have grown; nil when none has, or another gateway was first.
    ///
    /// New chains of this process begin after the newest anchor from then on.
    ///
    /// - Throws: `PostgresError`; nothing is lost then, the next round sees more.
    package mutating func advance(at now: Timestamp) async throws -> JournalAnchor? {
        try await readNewAnchors()
        let begin = last.map { oldestChain(before: $0.anchoredAt) } ?? 0
        let heads = try JournalAnchors.decodeHeads(try await ledger.pool.execute(JournalAnchors.findHeads, [.uuid(begin)]))
        anchored = anchored.filter { $0.key.value >= begin }
        let grown = heads.filter { $0.number > anchored[$0.chainID] ?? 0 }.sorted { $0.chainID < $1.chainID }
        guard !grown.isEmpty else { return nil }
        let anchor = JournalAnchor(after: last.map { ($0.number, $0.digest) }, heads: grown, at: now)
        guard try await ledger.pool.execute(JournalAnchors.insert, anchor.parameters).affectedRows == 1 else { return nil }
        learn(anchor)
        return anchor
    }

    private mutating func readNewAnchors() async throws {
        let rows =
            if let last {
                try await ledger.pool.execute(JournalAnchors.findNewer, [.int64(last.number)]).rows
            } else {
                try await ledger.pool.execute(JournalAnchors.findNewest).rows
            }
        for row in rows {
            learn(
                number: try row.int64(0),
                digest: try row.bytes(1),
                anchoredAt: try row.instant(2),
                heads: try JournalAnchors.decodeHeads(try await ledger.pool.execute(JournalAnchors.headsOfAnchor, [.int64(row.int64(0))]))
            )
        }
    }

    private mutating func learn(_ anchor: JournalAnchor) {
        learn(number: anchor.number, digest: anchor.digest, anchoredAt: anchor.anchoredAt, heads: anchor.heads)
    }

    private mutating func learn(number: Int64, digest: [UInt8], anchoredAt: Timestamp, heads: [JournalAnchor.Head]) {
        last = Last(number: number, digest: digest, anchoredAt: anchoredAt)
        for head in heads { anchored[head.chainID] = head.number }
        ledger.chains.learn(anchorDigest: digest)
    }

    /// The smallest name that a chain of that time can have.
    private func oldestChain(before instant: Timestamp) -> UInt128 {
        UInt128(UInt64(max(0, instant.advanced(by: .zero - JournalAnchors.lookBack).microseconds / 1000))) << 80
    }

    private static func decodeHeads(_ result: QueryResult) throws -> [JournalAnchor.Head] {
        try result.rows.map {
            JournalAnchor.Head(chainID: try $0.identifier(0), number: try $0.int64(1), digest: try $0.bytes(2))
        }
    }

    private static let findNewest = Statement(
        "anchors_newest",
        "SELECT number, digest, anchored_at FROM journal_anchors ORDER BY number DESC LIMIT 1"
    )

    private static let findNewer = Statement(
        "anchors_newer",
        "SELECT number, digest, anchored_at FROM journal_anchors WHERE number > $1 ORDER BY number"
    )

    private static let headsOfAnchor = Statement(
        "anchors_heads_of_anchor",
        """
        SELECT h.* FROM journal_anchors a, unnest(a.chain_ids, a.numbers, a.digests) AS h(chain_id, number, digest) WHERE a.number = $1
        """
    )

    /// Jumps from the end of a chain to the end of the one before, so that its cost is the number of chains and not of seals.
    private static func heads(of table: String) -> String {
        """
        WITH RECURSIVE heads AS (
            (SELECT chain_id, number, digest FROM \(table) WHERE chain_id >= $1 ORDER BY chain_id DESC, number DESC LIMIT 1)
            UNION ALL
            SELECT next.* FROM heads, LATERAL (
                SELECT s.chain_id, s.number, s.digest FROM \(table) s WHERE s.chain_id >= $1 AND s.chain_id < heads.chain_id
                ORDER BY s.chain_id DESC, s.number DESC LIMIT 1
            ) AS next
        )
        SELECT chain_id, number, digest FROM heads
        """
    }

    private static let findHeads = Statement(
        "anchors_find_heads",
        "(\(heads(of: "journal_seals"))) UNION ALL (\(heads(of: "journal_record_seals")))"
    )

    private static let insert = Statement(
        "anchors_insert",
        """
        INSERT INTO journal_anchors (number, previous_digest, digest, chain_ids, numbers, digests, anchored_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
        """
    )
}

extension JournalAnchor {
    fileprivate var parameters: [Parameter] {
        [
            .int64(number), .bytes(previousDigest), .bytes(digest), .uuids(heads.map(\.chainID.value)), .int64s(heads.map(\.number)),
            .bytesArray(heads.map(\.digest)), .timestamp(anchoredAt.microseconds),
        ]
    }
}
