import Synchronization
import TestSupport
import Testing

@testable import Gateway

@Suite("Work in a bounded line")
struct BoundedWorkTests {
    /// What was done, and how much of it at once.
    private final class Tally: Sendable {
        private struct State {
            var underWay = 0
            var most = 0
            var done: Set<Int> = []
        }

        private let state = Mutex(State())

        var most: Int { state.withLock { $0.most } }
        var done: Set<Int> { state.withLock { $0.done } }

        func perform(_ number: Int) async {
            state.withLock { state in
                state.underWay += 1
                state.most = max(state.most, state.underWay)
            }
            try? await Task.sleep(for: .milliseconds(2))
            state.withLock { state in
                state.underWay -= 1
                state.done.insert(number)
            }
        }
    }

    @Test("all that was taken is done, a few at a time, and what has no place is refused", .timeLimit(.minutes(10)))
    func bounds() async throws {
        let work = BoundedWork<Int>(waitingMax: 50, concurrentMax: 4)
        let taken = (0..<100).filter { work.add($0) }
        #expect(taken == Array(0..<50))
        let tally = Tally()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await work.run { await tally.perform($0) } }
            let isDone = try await waitUntil(.seconds(90)) { tally.done.count == 50 }
            #expect(isDone)
            group.cancelAll()
        }
        #expect(tally.most == 4 && tally.done == Set(0..<50))
        #expect(!work.add(100))
    }
}
