import ServiceLifecycle
import Synchronization

/// Turns many callers' single items into few batches.
///
/// While all writers are busy, items gather; a writer that becomes free takes all of them up to a limit. At low load a batch is one item
/// and waits for nobody. The queue is bounded in length and in time, so callers get a quick refusal instead of a long wait.
package final class Batcher<Item: Sendable, Output: Sendable>: Sendable {
    /// Writes one batch and answers for each item, in order.
    package typealias Perform = @Sendable ([Item]) async -> [Result<Output, any Error>]

    private struct State: ~Copyable {
        var queue = BatchQueue<Waiting>()
        var idleWriters: [CheckedContinuation<[Waiting]?, Never>] = []
        var busyWriters = 0
        /// How long the oldest items of the latest batches waited for their answers, smoothed.
        var usualWait = Duration.zero
        var latestAnswerAt = ContinuousClock.now

        /// Gives a writer what waits; nil when that is too little for a writer beside others.
        mutating func begin(_ limits: BatcherLimits) -> [Waiting]? {
            guard queue.count > 0, busyWriters == 0 || queue.count >= limits.batchMinOfFurtherWriters || hasWaitedLong(limits) else {
                return nil
            }
            let batch = queue.take(limits.batch)
            busyWriters += 1
            return batch
        }

        mutating func end(oldestSince began: ContinuousClock.Instant) {
            busyWriters -= 1
            latestAnswerAt = ContinuousClock.now
            usualWait += (latestAnswerAt - began - usualWait) / 4
        }

        /// Whether the oldest has waited an eighth of what it may: then a writer hangs, and others go on without company.
        private func hasWaitedLong(_ limits: BatcherLimits) -> Bool {
            guard let deadline = queue.oldestDeadline else { return false }
            return ContinuousClock.now.advanced(by: limits.waitMax * 7 / 8) >= deadline
        }

        /// Gives an idle writer what it may take now.
        mutating func relieve(_ limits: BatcherLimits) -> (CheckedContinuation<[Waiting]?, Never>, [Waiting])? {
            guard !idleWriters.isEmpty, let batch = begin(limits) else { return nil }
            return (idleWriters.removeLast(), batch)
        }
    }

    private struct Waiting: Sendable {
        let item: Item
        let began: ContinuousClock.Instant
        let reply: @Sendable (Result<Output, any Error>) -> Void
    }

    private let limits: BatcherLimits
    private let perform: Perform
    private let state: Mutex<State>

    /// Makes a batcher; nothing is written before `run` is called.
    package init(limits: BatcherLimits, perform: @escaping Perform) {
        self.limits = limits
        self.perform = perform
        state = Mutex(State())
    }

    /// Waits until the item's batch is written.
    ///
    /// - Throws: `BatcherError` when it was refused before it was tried, otherwise what `perform` answered for it.
    package func submit(_ item: Item) async throws -> Output {
        try await withCheckedThrowingContinuation { continuation in
            submit(item) { continuation.resume(with: $0) }
        }
    }

    /// Takes an item; `reply` is called once, on any thread, with what `submit` would return or throw, and must not block.
    package func submit(_ item: Item, reply: @escaping @Sendable (Result<Output, any Error>) -> Void) {
        accept(Waiting(item: item, began: .now, reply: reply))
    }

    private func accept(_ waiting: Waiting) {
        let deadline = waiting.began.advanced(by: limits.waitMax)
        let limits = limits
        let (writer, batch, refusal) = state.withLock { state -> (CheckedContinuation<[Waiting]?, Never>?, [Waiting]?, BatcherError?) in
            guard !state.queue.isClosed else { return (nil, nil, .shuttingDown) }
            guard state.queue.count < limits.queue else { return (nil, nil, .overloaded) }
            state.queue.append(waiting, deadline: deadline)
            guard let (writer, batch) = state.relieve(limits) else { return (nil, nil, nil) }
            return (writer, batch, nil)
        }
        writer?.resume(returning: batch)
        if let refusal { waiting.reply(.failure(refusal)) }
    }

    /// How long the callers have waited for their answers lately; zero when there was no answer within `pause`.
    package func usualWait(within pause: Duration) -> Duration {
        state.withLock { ContinuousClock.now - $0.latestAnswerAt < pause ? $0.usualWait : .zero }
    }

    /// Writes batches until shutdown or `close`, then finishes what was accepted and refuses what comes after.
    package func run() async {
        await withTaskCancellationOrGracefulShutdownHandler {
            await runUntilClosed()
        } onCancelOrGracefulShutdown: {
            self.close()
        }
    }

    /// Writes batches until `close`, for callers that have work in hand beyond the begin of a shutdown.
    func runUntilClosed() async {
        await withDiscardingTaskGroup { group in
            for _ in 0..<limits.writers {
                group.addTask { await self.write() }
            }
            group.addTask { await self.refuseOverdue() }
        }
    }

    private func write() async {
        while let batch = await nextBatch() {
            let results = await perform(batch.map(\.item))
            precondition(results.count == batch.count, "a batch must be answered item by item")
            state.withLock { $0.end(oldestSince: batch.first?.began ?? .now) }
            for (waiting, result) in zip(batch, results) {
                waiting.reply(result)
            }
        }
    }

    private func nextBatch() async -> [Waiting]? {
        await withCheckedContinuation { continuation in
            let limits = limits
            let ready = state.withLock { state -> [Waiting]?? in
                if let batch = state.begin(limits) { return .some(batch) }
                if state.queue.isClosed, state.queue.count == 0 || state.busyWriters > 0 { return .some(nil) }
                state.idleWriters.append(continuation)
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    private func refuseOverdue() async {
        while true {
            let limits = limits
            let (overdue, relief, isOver) = state.withLock { state in
                let overdue = state.queue.takeOverdue(at: ContinuousClock.now)
                return (overdue, state.relieve(limits), state.queue.isClosed && state.queue.count == 0)
            }
            if let (writer, batch) = relief { writer.resume(returning: batch) }
            for waiting in overdue { waiting.reply(.failure(BatcherError.overloaded)) }
            guard !isOver, (try? await Task.sleep(for: .milliseconds(50))) != nil else { return }
        }
    }

    /// Takes nothing new; `run` ends when what was accepted is written.
    package func close() {
        let idle = state.withLock { state -> [CheckedContinuation<[Waiting]?, Never>] in
            state.queue.close()
            let idle = state.idleWriters
            state.idleWriters = []
            return idle
        }
        for writer in idle { writer.resume(returning: nil) }
    }
}

/// The sizes of a batcher.
package struct BatcherLimits: Sendable {
    /// Most items of one batch.
    package let batch: Int
    /// Most items that wait.
    package let queue: Int
    /// Longest wait in the queue before an item is refused.
    package let waitMax: Duration
    /// Batches that are written at the same time.
    package let writers: Int
    /// So many must wait before a writer begins beside another: small batches cost more than they save time.
    package let batchMinOfFurtherWriters: Int

    /// Sets the sizes.
    package init(batch: Int, queue: Int, waitMax: Duration, writers: Int, batchMinOfFurtherWriters: Int = 1) {
        self.batchMinOfFurtherWriters = batchMinOfFurtherWriters
        self.batch = batch
        self.queue = queue
        self.waitMax = waitMax
        self.writers = writers
    }
}

/// Why an item was refused before it was tried.
package enum BatcherError: String, Error, Sendable {
    /// Too many wait already, or the wait took too long.
    case overloaded
    /// The process is stopping.
    case shuttingDown = "shutting_down"
}
