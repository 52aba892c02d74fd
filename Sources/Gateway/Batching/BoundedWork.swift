import ServiceLifecycle

/// Work that waits in a line of limited length and is done a few items at a time; what has no place is refused at once.
final class BoundedWork<Item: Sendable>: Sendable {
    private let stream: AsyncStream<Item>
    private let continuation: AsyncStream<Item>.Continuation
    private let concurrentMax: Int

    /// Room for `waitingMax` items beside the `concurrentMax` that are under way.
    init(waitingMax: Int, concurrentMax: Int) {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(waitingMax))
        self.concurrentMax = concurrentMax
    }

    /// Takes an item; false when there is no room for it or the process is stopping.
    func add(_ item: Item) -> Bool {
        if case .enqueued = continuation.yield(item) { true } else { false }
    }

    /// Does the work until shutdown, and then what was taken before.
    func run(_ perform: @escaping @Sendable (Item) async -> Void) async {
        await withTaskCancellationOrGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                var underWay = 0
                for await item in stream {
                    if underWay == concurrentMax {
                        await group.next()
                        underWay -= 1
                    }
                    group.addTask { await perform(item) }
                    underWay += 1
                }
            }
        } onCancelOrGracefulShutdown: {
            self.continuation.finish()
        }
    }
}
