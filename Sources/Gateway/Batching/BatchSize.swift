/// How many items the next batch takes: fewer after a failure, because the fewer a transaction touches the likelier it succeeds, and
/// more again while all goes well.
struct BatchSize: Sendable, Hashable {
    private(set) var current: Int
    private let maximum: Int

    /// Begins with the most.
    init(maximum: Int) {
        self.maximum = max(1, maximum)
        current = self.maximum
    }

    /// A batch was committed.
    mutating func grow() {
        current = min(maximum, current * 2)
    }

    /// A batch failed.
    mutating func shrink() {
        current = max(1, current / 4)
    }
}
