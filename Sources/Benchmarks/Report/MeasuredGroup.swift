/// Everything that was found out about one part of the product.
struct MeasuredGroup: Codable {
    let name: String
    var conditions: Conditions
    var figures: [Figure] = []
    var ratios: [Ratio] = []
    /// Short runs by which the best way of using a comparator was chosen.
    var trials: [Trial] = []
    /// Single values such as memory and milliseconds.
    var values: [MeasuredValue] = []
    /// What was left out, and why.
    var notes: [String] = []
    /// Part of the processors' time that other machines of the same host took meanwhile, in percent.
    var stolenPercent: Double?

    init(name: String, conditions: Conditions = Conditions()) {
        self.name = name
        self.conditions = conditions
    }
}

/// A short run of a comparator.
struct Trial: Codable {
    let name: String
    let perSecond: Double
}

/// One measured value with its unit.
struct MeasuredValue: Codable {
    let name: String
    let value: Double
    let unit: String
    /// What it should be at most; nil where nothing is asked.
    let limit: Double?

    init(_ name: String, _ value: Double, _ unit: String, limit: Double? = nil) {
        self.name = name
        self.value = value
        self.unit = unit
        self.limit = limit
    }
}
