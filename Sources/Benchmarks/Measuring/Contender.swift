/// One way of doing the same work, measured beside others.
struct Contender: Sendable {
    let name: String
    /// Does the work of one round, prepared by itself, and measures it; a measurement of two things gives two samples.
    let measure: @Sendable (_ round: Int) async throws -> [Sample]

    /// A contender whose single sample has its own name.
    init(_ name: String, measure: @escaping @Sendable (_ round: Int) async throws -> [Sample]) {
        self.name = name
        self.measure = measure
    }
}

/// What one round of one thing measured.
struct Sample: Sendable {
    let name: String
    let items: Int
    let seconds: Double
    /// How long single items took.
    var milliseconds: [Double] = []
    var processor = ProcessorShares(program: 0, server: 0, load: 0)

    /// The same under another name.
    func renamed(_ name: String) -> Sample {
        Sample(name: name, items: items, seconds: seconds, milliseconds: milliseconds, processor: processor)
    }

    /// Measures `body`, which returns how many items it did.
    static func taken(_ name: String, _ parts: TakingPart, _ body: () async throws -> Int) async throws -> Sample {
        let before = parts.times()
        let start = ContinuousClock.now
        let items = try await body()
        let seconds = (ContinuousClock.now - start).inSeconds
        return Sample(name: name, items: items, seconds: seconds, processor: parts.times() - before)
    }
}

/// Rounds in which every contender has its turn, so that a slow minute of the machine meets all of them.
enum Rounds {
    /// Runs all rounds; every round begins with another contender.
    ///
    /// - Returns: figures in the order of the contenders.
    static func run(_ contenders: [Contender], rounds: Int) async throws -> [Figure] {
        var names: [String] = []
        var samples: [String: [Sample]] = [:]
        for round in 0..<rounds {
            Output.progress("round \(round + 1) of \(rounds), \(contenders.count) contenders")
            for index in contenders.indices {
                let contender = contenders[(index + round) % contenders.count]
                for sample in try await contender.measure(round) {
                    if samples[sample.name] == nil { names.append(sample.name) }
                    samples[sample.name, default: []].append(sample)
                }
            }
        }
        return names.compactMap { name in samples[name].map { Figure(name: name, $0) } }
    }
}

extension Duration {
    /// The duration as a number, for rates.
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
