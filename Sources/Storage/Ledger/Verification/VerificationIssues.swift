/// What is wrong, in sentences: at most a hundred of each kind, so that one big falsification does not fill the memory.
struct VerificationIssues {
    /// What can be wrong.
    enum Kind: Int, CaseIterable {
        case account
        case closure
        case entry
        case transfer
        case pending
        case seal
        case chain
        case anchor
        case balance
        case asset
        case charge
        case record
        case head
    }

    private var sentences: [[String]] = Array(repeating: [], count: Kind.allCases.count)
    private var counts: [Int] = Array(repeating: 0, count: Kind.allCases.count)
    private static let perKindMax = 100

    /// Notes one thing; the sentence is made only when it is kept.
    mutating func add(_ kind: Kind, _ sentence: @autoclosure () -> String) {
        counts[kind.rawValue] += 1
        if counts[kind.rawValue] <= VerificationIssues.perKindMax { sentences[kind.rawValue].append(sentence()) }
    }

    /// Adds what was found elsewhere.
    mutating func add(_ other: VerificationIssues) {
        for kind in Kind.allCases {
            counts[kind.rawValue] += other.counts[kind.rawValue]
            let room = VerificationIssues.perKindMax - sentences[kind.rawValue].count
            sentences[kind.rawValue] += other.sentences[kind.rawValue].prefix(max(0, room))
        }
    }

    /// Everything, in the order of the kinds.
    var all: [String] {
        Kind.allCases.flatMap { kind -> [String] in
            let more = counts[kind.rawValue] - VerificationIssues.perKindMax
            return sentences[kind.rawValue] + (more > 0 ? ["and \(more) more of this kind"] : [])
        }
    }
}

extension UInt128 {
    /// As the database writes it.
    var uuidText: String {
        let digits = String(self, radix: 16)
        let padded = Array(String(repeating: "0", count: 32 - digits.count) + digits)
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(padded[$0]) }.joined(separator: "-")
    }
}
