import Cryptography
package import Payments

/// The end of one writer's chain of seals: what the next seal goes on from.
package struct SealChain: Sendable {
    /// The chain's name, which sorts by the time of its first seal; nil before it.
    private let id: SealChainID?
    /// The number of its last seal; zero before the first.
    private let number: Int64
    /// The digest of its last seal; before the first, that of the anchor it began after, or zeros.
    private let digest: [UInt8]
    /// When it was begun, by a clock that nobody sets.
    let began: ContinuousClock.Instant

    /// Zeros, where nothing goes before.
    static let nothing = [UInt8](repeating: 0, count: SHA256.byteCount)

    /// A chain without seals, after nothing.
    package init() {
        self.init(after: SealChain.nothing)
    }

    /// A chain without seals, after an anchor or nothing.
    init(after digest: [UInt8]) {
        self.init(id: nil, number: 0, digest: digest, began: .now)
    }

    private init(id: SealChainID?, number: Int64, digest: [UInt8], began: ContinuousClock.Instant) {
        self.id = id
        self.number = number
        self.digest = digest
        self.began = began
    }

    /// The seal over entries and closures that are written now, and the chain's end after it.
    func sealing(
        _ entries: [(id: EntryID, digest: [UInt8])],
        closures: [AccountClosure] = [],
        at now: Timestamp
    ) -> (seal: JournalSeal, next: SealChain) {
        var random = SystemRandomNumberGenerator()
        let chainID = id ?? SealChainID(at: now, random: &random)
        let seal = JournalSeal(
            chainID: chainID,
            number: number + 1,
            previousDigest: digest,
            digest: JournalSeal.digest(
                previous: digest,
                chainID: chainID,
                number: number + 1,
                sealedAt: now,
                entries: entries.map { ($0.id, now, $0.digest) },
                closures: closures
            ),
            entryIDs: entries.map(\.id),
            closedAccountIDs: closures.map(\.accountID),
            sealedAt: now
        )
        return (seal, SealChain(id: chainID, number: number + 1, digest: seal.digest, began: began))
    }
}

/// Names a chain of seals.
package struct SealChainID: Identifier {
    package static let prefix = "chain_"
    @TwoWords package private(set) var value: UInt128
    package init(value: UInt128) { self.value = value }
}
