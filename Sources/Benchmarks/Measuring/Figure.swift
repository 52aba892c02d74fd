/// One measured thing over all rounds: how many in a second, how long one took, and what processor time one cost.
struct Figure: Codable {
    let name: String
    /// Median of the rounds.
    let perSecond: Double
    /// Every round, in order.
    let rounds: [Double]
    /// Milliseconds over all rounds; absent where single durations mean nothing.
    let p50: Double?
    let p99: Double?
    /// Microseconds of processor time for one item, over all rounds, by group of processes.
    let programMicroseconds: Double
    let serverMicroseconds: Double
    let loadMicroseconds: Double

    /// Sums up the rounds, at least one.
    init(name: String, _ samples: [Sample]) {
        self.name = name
        rounds = samples.map { Double($0.items) / $0.seconds }
        perSecond = Figure.quantile(rounds, 0.5) ?? 0
        let milliseconds = samples.flatMap(\.milliseconds)
        p50 = Figure.quantile(milliseconds, 0.5)
        p99 = Figure.quantile(milliseconds, 0.99)
        let shares = samples.map(\.processor).reduce(ProcessorShares(program: 0, server: 0, load: 0), +)
        let items = Double(max(1, samples.reduce(0) { $0 + $1.items }))
        programMicroseconds = Double(shares.program) / items
        serverMicroseconds = Double(shares.server) / items
        loadMicroseconds = Double(shares.load) / items
    }

    /// The value below which the part `part` of all lies; nil when there is none.
    static func quantile(_ values: [Double], _ part: Double) -> Double? {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return nil }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
    }
}

/// How two figures of one run compare.
struct Ratio: Codable {
    let name: String
    let value: Double
    /// What it should be at least; nil where nothing is asked.
    let aim: Double?

    /// Divides the median of one figure by that of another; nil when one of them was not measured.
    init?(_ name: String, _ figures: [Figure], _ above: String, by below: String, aim: Double? = nil) {
        guard let above = figures.first(where: { $0.name == above }), let below = figures.first(where: { $0.name == below }),
            below.perSecond > 0
        else { return nil }
        self.name = name
        self.value = above.perSecond / below.perSecond
        self.aim = aim
    }
}
