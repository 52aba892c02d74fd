import Payments

/// Follows every chain from its first seal to its last; seals that come before their predecessor wait for it.
struct ChainAudit {
    /// How far a chain was followed.
    struct End: Equatable {
        var number: Int64 = 0
        var digest = SIMD4<UInt64>()
        /// What the chain says it began after.
        var origin = SIMD4<UInt64>()
    }

    private struct Place: Hashable {
        let chainID: UInt128
        let number: Int64
    }

    private struct Link {
        let previous: SIMD4<UInt64>
        let digest: SIMD4<UInt64>
    }

    /// A seal in its chain.
    struct Seal {
        let chainID: UInt128
        let number: Int64
        let previous: SIMD4<UInt64>
        let digest: SIMD4<UInt64>
    }

    /// What sentences call a seal.
    private let noun: String
    private var ends: [UInt128: End] = [:]
    private var early: [Place: Link] = [:]

    /// Follows chains of one kind of seal.
    init(noun: String) {
        self.noun = noun
    }

    /// All chains by their names.
    var all: [UInt128: End] { ends }

    /// Takes a seal.
    mutating func add(_ seal: Seal, _ issues: inout VerificationIssues) {
        var end = ends[seal.chainID] ?? End()
        guard seal.number == end.number + 1 else {
            early[Place(chainID: seal.chainID, number: seal.number)] = Link(previous: seal.previous, digest: seal.digest)
            if end.number == 0 { ends[seal.chainID] = end }
            return
        }
        follow(&end, Link(previous: seal.previous, digest: seal.digest), seal.chainID, &issues)
        if !early.isEmpty { catchUp(&end, seal.chainID, &issues) }
        ends[seal.chainID] = end
    }

    private mutating func catchUp(_ end: inout End, _ chainID: UInt128, _ issues: inout VerificationIssues) {
        while let link = early.removeValue(forKey: Place(chainID: chainID, number: end.number + 1)) {
            follow(&end, link, chainID, &issues)
        }
    }

    private func follow(_ end: inout End, _ link: Link, _ chainID: UInt128, _ issues: inout VerificationIssues) {
        if end.number == 0 {
            end.origin = link.previous
        } else if link.previous != end.digest {
            issues.add(.chain, "\(noun) \(end.number + 1) of \(SealChainID(value: chainID)) does not go on from the seal before it")
        }
        end.number += 1
        end.digest = link.digest
    }

    /// Names what is missing, and follows the chains beyond it.
    mutating func finish(_ issues: inout VerificationIssues) {
        let places = early.keys.sorted { ($0.chainID, $0.number) < ($1.chainID, $1.number) }
        for place in places {
            guard let link = early.removeValue(forKey: place) else { continue }
            var end = ends[place.chainID] ?? End()
            if place.number > end.number + 1 {
                let missing = end.number + 2 == place.number ? "\(end.number + 1) is" : "\(end.number + 1) to \(place.number - 1) are"
                issues.add(.chain, "of \(SealChainID(value: place.chainID)) the \(noun)s \(missing) missing")
            } else if place.number != end.number + 1 {
                issues.add(.chain, "\(SealChainID(value: place.chainID)) has a \(noun) with the number \(place.number)")
                continue
            } else if end.number > 0, link.previous != end.digest {
                issues.add(.chain, "\(noun) \(place.number) of \(SealChainID(value: place.chainID)) does not go on from the seal before it")
            }
            end.number = place.number
            end.digest = link.digest
            ends[place.chainID] = end
        }
    }
}
