/// The waiting items of a batcher, oldest first, each with the time at which it gives up.
struct BatchQueue<Element: Sendable> {
    private struct Entry {
        let element: Element
        let deadline: ContinuousClock.Instant
    }

    private var entries: [Entry] = []
    private var first = 0
    private(set) var isClosed = false

    var count: Int { entries.count - first }

    mutating func append(_ element: Element, deadline: ContinuousClock.Instant) {
        entries.append(Entry(element: element, deadline: deadline))
    }

    /// Removes up to `limit` of the oldest.
    mutating func take(_ limit: Int) -> [Element] {
        let end = min(entries.count, first + limit)
        let taken = entries[first..<end].map(\.element)
        drop(to: end)
        return taken
    }

    /// Removes those whose time ran out; deadlines grow with the queue, so they are at its front.
    mutating func takeOverdue(at now: ContinuousClock.Instant) -> [Element] {
        let end = entries[first...].firstIndex { $0.deadline > now } ?? entries.count
        let taken = entries[first..<end].map(\.element)
        drop(to: end)
        return taken
    }

    /// When the oldest gives up; nil when none waits.
    var oldestDeadline: ContinuousClock.Instant? { count > 0 ? entries[first].deadline : nil }

    /// Takes nothing new from now on.
    mutating func close() {
        isClosed = true
    }

    private mutating func drop(to end: Int) {
        first = end
        guard first == entries.count || first > 4096 else { return }
        entries.removeFirst(first)
        first = 0
    }
}
