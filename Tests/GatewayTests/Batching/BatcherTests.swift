import Synchronization
import TestSupport
import Testing

@testable import Gateway

@Suite("Batcher")
struct BatcherTests {
    private struct Odd: Error {}

    /// What was written, and a door that holds the writers back while it is shut.
    private final class Writer: Sendable {
        let batches = Mutex<[[Int]]>([])
        let isShut = Mutex(false)

        func write(_ items: [Int]) async -> [Result<Int, any Error>] {
            batches.withLock { $0.append(items) }
            while isShut.withLock({ $0 }), !Task.isCancelled { try? await Task.sleep(for: .milliseconds(2)) }
            return items.map { $0 < 0 ? .failure(Odd()) : .success($0 * 10) }
        }

        func shut(_ value: Bool) { isShut.withLock { $0 = value } }
        var sizes: [Int] { batches.withLock { $0.map(\.count) } }
    }

    private static func run(
        _ limits: BatcherLimits,
        _ body: @escaping @Sendable (Batcher<Int, Int>, Writer) async throws -> Void
    ) async throws {
        let writer = Writer()
        let batcher = Batcher<Int, Int>(limits: limits, perform: writer.write)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await batcher.run() }
            try await body(batcher, writer)
            batcher.close()
            try await group.waitForAll()
        }
    }

    private static func limits(batch: Int = 4, queue: Int = 100, wait: Duration = .seconds(30), writers: Int = 1) -> BatcherLimits {
        BatcherLimits(batch: batch, queue: queue, waitMax: wait, writers: writers)
    }

    /// Submits items one after the other, so that they queue in this order; the first is with the writer before the second comes.
    private static func submit(
        _ items: [Int],
        to batcher: Batcher<Int, Int>,
        _ writer: Writer
    ) async throws -> [Task<Int, any Error>] {
        var tasks: [Task<Int, any Error>] = []
        for item in items {
            tasks.append(Task.immediate { try await batcher.submit(item) })
            try #require(await waitUntil(.seconds(90)) { !writer.sizes.isEmpty })
        }
        return tasks
    }

    @Test("with nothing to wait for, a batch is one item")
    func single() async throws {
        try await Self.run(Self.limits()) { batcher, writer in
            for item in 1...3 {
                let answer = try await batcher.submit(item)
                #expect(answer == item * 10)
            }
            #expect(writer.sizes == [1, 1, 1])
        }
    }

    @Test("while the writer is busy items gather; then they go together, up to the limit, and each gets its own answer")
    func gathering() async throws {
        try await Self.run(Self.limits(batch: 4)) { batcher, writer in
            writer.shut(true)
            let tasks = try await Self.submit([0, 1, -2, 3, 4, 5], to: batcher, writer)
            writer.shut(false)
            for (item, task) in zip([0, 1, -2, 3, 4, 5], tasks) {
                let answer = await task.result
                if item < 0 {
                    #expect(throws: Odd.self) { try answer.get() }
                } else {
                    #expect(try answer.get() == item * 10)
                }
            }
            #expect(writer.batches.withLock { $0 } == [[0], [1, -2, 3, 4], [5]])
        }
    }

    @Test("a writer begins beside another only when enough waits, and what is too little goes with the next batch")
    func furtherWriters() async throws {
        let limits = BatcherLimits(batch: 10, queue: 100, waitMax: .seconds(30), writers: 2, batchMinOfFurtherWriters: 3)
        try await Self.run(limits) { batcher, writer in
            writer.shut(true)
            let first = try await Self.submit([1, 2, 3], to: batcher, writer)
            #expect(writer.sizes == [1])
            let more = try await Self.submit([4, 5], to: batcher, writer)
            try #require(await waitUntil(.seconds(90)) { writer.sizes == [1, 3] })
            writer.shut(false)
            for (item, task) in zip(1..., first + more) {
                let answer = try await task.value
                #expect(answer == item * 10)
            }
            #expect(writer.batches.withLock { $0 } == [[1], [2, 3, 4], [5]])
        }
    }

    @Test("while a writer hangs, another takes even a little after an eighth of the longest wait", .timeLimit(.minutes(10)))
    func relief() async throws {
        let limits = BatcherLimits(batch: 10, queue: 100, waitMax: .seconds(4), writers: 2, batchMinOfFurtherWriters: 3)
        try await Self.run(limits) { batcher, writer in
            writer.shut(true)
            let began = ContinuousClock.now
            let tasks = try await Self.submit([1, 2], to: batcher, writer)
            try #require(await waitUntil(.seconds(90)) { writer.sizes == [1, 1] })
            #expect(ContinuousClock.now - began >= .milliseconds(500))
            writer.shut(false)
            for task in tasks { _ = try await task.value }
        }
    }

    @Test("the usual wait follows the latest answers, and is nothing after a pause")
    func usualWait() async throws {
        try await Self.run(Self.limits()) { batcher, writer in
            #expect(batcher.usualWait(within: .seconds(600)) == .zero)
            for _ in 0..<8 {
                writer.shut(true)
                async let answer = batcher.submit(0)
                try await Task.sleep(for: .milliseconds(400))
                writer.shut(false)
                _ = try await answer
            }
            #expect(batcher.usualWait(within: .seconds(600)) >= .milliseconds(300))
            for _ in 0..<40 { _ = try await batcher.submit(0) }
            #expect(batcher.usualWait(within: .seconds(600)) < .milliseconds(300))
            try await Task.sleep(for: .milliseconds(20))
            #expect(batcher.usualWait(within: .milliseconds(10)) == .zero)
        }
    }

    @Test("beyond the limit of the queue, and after too long a wait, there is a refusal and no write")
    func refusals() async throws {
        try await Self.run(Self.limits(queue: 2, wait: .milliseconds(1000))) { batcher, writer in
            writer.shut(true)
            let tasks = try await Self.submit([1, 2, 3, 4], to: batcher, writer)
            await #expect(throws: BatcherError.overloaded) { try await tasks[3].value }
            await #expect(throws: BatcherError.overloaded) { try await tasks[1].value }
            await #expect(throws: BatcherError.overloaded) { try await tasks[2].value }
            writer.shut(false)
            let answer = try await tasks[0].value
            #expect(answer == 10)
            #expect(writer.batches.withLock { $0 } == [[1]])
        }
    }

    @Test("what was accepted before the end is written, what comes after is refused")
    func closing() async throws {
        try await Self.run(Self.limits()) { batcher, writer in
            writer.shut(true)
            let tasks = try await Self.submit([1, 2, 3], to: batcher, writer)
            batcher.close()
            await #expect(throws: BatcherError.shuttingDown) { try await batcher.submit(4) }
            writer.shut(false)
            for (item, task) in zip(1..., tasks) {
                let answer = try await task.value
                #expect(answer == item * 10)
            }
        }
    }

    @Test("under many callers and writers each item is written once and gets its own answer")
    func crowd() async throws {
        try await Self.run(Self.limits(batch: 16, queue: 5000, writers: 3)) { batcher, writer in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for item in 0..<2000 { group.addTask { try await batcher.submit(item) == item * 10 } }
                let areRight = try await group.allSatisfy { $0 }
                #expect(areRight)
            }
            #expect(writer.batches.withLock { $0.joined().sorted() } == Array(0..<2000))
        }
    }
}
