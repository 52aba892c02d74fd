import TestSupport
import Testing

@testable import Gateway

@Suite("The queue of a batcher")
struct BatchQueueTests {
    private static let start = ContinuousClock.now

    private static func queue(_ count: Int) -> BatchQueue<Int> {
        var queue = BatchQueue<Int>()
        for number in 0..<count { queue.append(number, deadline: start.advanced(by: .seconds(number))) }
        return queue
    }

    @Test("the oldest come first, up to the limit")
    func order() {
        var queue = Self.queue(5)
        #expect(queue.take(2) == [0, 1] && queue.count == 3)
        #expect(queue.take(9) == [2, 3, 4] && queue.count == 0)
        #expect(queue.take(1).isEmpty)
    }

    @Test("whose time ran out leaves, the others stay")
    func overdue() {
        var queue = Self.queue(5)
        #expect(queue.takeOverdue(at: Self.start.advanced(by: .seconds(-1))).isEmpty)
        #expect(queue.takeOverdue(at: Self.start.advanced(by: .seconds(2))) == [0, 1, 2])
        #expect(queue.take(9) == [3, 4])
        #expect(queue.takeOverdue(at: Self.start.advanced(by: .seconds(99))).isEmpty)
    }

    @Test("whatever is appended and taken, each item leaves once and in order")
    func random() {
        var random = SeededRandom.printed("batch queue")
        var queue = BatchQueue<Int>()
        var next = 0
        var left: [Int] = []
        for _ in 0..<20_000 {
            if Bool.random(using: &random) {
                queue.append(next, deadline: Self.start.advanced(by: .seconds(next)))
                next += 1
            } else if Int.random(in: 0..<10, using: &random) == 0 {
                left += queue.takeOverdue(at: Self.start.advanced(by: .seconds(left.count)))
            } else {
                left += queue.take(Int.random(in: 0...3, using: &random))
            }
            #expect(queue.count == next - left.count)
        }
        left += queue.take(.max - 100_000)
        #expect(left == Array(0..<next))
    }
}
