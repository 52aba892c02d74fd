/// How many items the next batch takes: fewer after a failure, because the fewer a transaction touches the likelier it succeeds, and
/// more again once several batches of the present size have been committed.
///
/// One success says little where failures are frequent: growing at once would bring the next failure, and another quarter of the size.
struct BatchSize: Sendable, Hashable {
    /// So many full batches must be committed before the next ones are larger.
    static let successesToGrow = 3

    private(set) var current: Int
    private let maximum: Int
    private var successes = 0

    /// Begins with the most.
    init(maximum: Int) {
        self.maximum = max(1, maximum)
        current = self.maximum
    }

    /// A batch of `count` items was committed; one that was not full says nothing about the size.
    mutating func succeed(with count: Int) {
        guard count >= current, current < maximum else { return }
        successes += 1
        guard successes >= BatchSize.successesToGrow else { return }
        successes = 0
        current = min(maximum, current * 2)
    }

    /// A batch failed.
    mutating func shrink() {
        successes = 0
        current = max(1, current / 4)
    }
}
