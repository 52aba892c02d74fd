import Synchronization

/// Hands values from one task to another; whoever is ahead waits for the other.
final class Handover<Value: Sendable>: Sendable {
    private struct State {
        var ready: [Value] = []
        /// Nothing more is given, or nothing more is taken.
        var isOver = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())
    /// So many values may wait to be taken.
    private let countMax: Int

    init(countMax: Int) {
        self.countMax = countMax
    }

    /// Gives a value once there is room; false when nobody takes any more.
    func give(_ value: Value) async -> Bool {
        while true {
            let (isGiven, isOver, taker) = state.withLock { state -> (Bool, Bool, CheckedContinuation<Void, Never>?) in
                guard !state.isOver else { return (false, true, nil) }
                guard state.ready.count < countMax else { return (false, false, nil) }
                state.ready.append(value)
                defer { state.waiting = nil }
                return (true, false, state.waiting)
            }
            taker?.resume()
            if isGiven || isOver { return isGiven }
            await wait { $0.ready.count >= self.countMax }
        }
    }

    /// The next value; nil after the last.
    func take() async -> Value? {
        while true {
            let (value, isOver, giver) = state.withLock { state -> (Value?, Bool, CheckedContinuation<Void, Never>?) in
                guard !state.ready.isEmpty else { return (nil, state.isOver, nil) }
                defer { state.waiting = nil }
                return (state.ready.removeFirst(), false, state.waiting)
            }
            giver?.resume()
            if value != nil || isOver { return value }
            await wait { $0.ready.isEmpty }
        }
    }

    /// Says that nothing more is given, or nothing more is wanted.
    func end() {
        let waiting = state.withLock { state in
            state.isOver = true
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume()
    }

    /// Waits while the condition holds; only one of both sides ever has to.
    private func wait(while condition: @Sendable (borrowing State) -> Bool) async {
        await withCheckedContinuation { continuation in
            let mustWait = state.withLock { state in
                guard !state.isOver, condition(state) else { return false }
                state.waiting = continuation
                return true
            }
            if !mustWait { continuation.resume() }
        }
    }
}
