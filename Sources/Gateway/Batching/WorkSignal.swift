import ServiceLifecycle
import Synchronization

/// Wakes a worker that waits for work; a signal given while all work is not lost.
///
/// Signals only save waiting time: every worker also looks by itself from time to time, because work may come from another process.
package final class WorkSignal: Sendable {
    private struct State {
        var isRaised = false
        var waiting: [(number: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var lastNumber = 0
    }

    private let state = Mutex(State())

    /// Makes a signal that is not raised.
    package init() {}

    /// Wakes one worker now, or lets the next wait end at once.
    package func raise() {
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst().continuation }
            state.isRaised = true
            return nil
        }
        waiting?.resume()
    }

    /// Waits for a signal, but not beyond shutdown.
    ///
    /// After `limit` one of those who wait is woken: while several do, one of them at least looks that often.
    func wait(atMost limit: Duration) async {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        await withDiscardingTaskGroup { group in
            group.addTask {
                guard (try? await Task.sleep(for: limit)) != nil else { return }
                self.raise()
            }
            await withTaskCancellationOrGracefulShutdownHandler {
                await withCheckedContinuation { continuation in
                    let isReady = self.state.withLock { state -> Bool in
                        guard !state.isRaised, !Shutdown.isRequested else {
                            state.isRaised = false
                            return true
                        }
                        state.waiting.append((number, continuation))
                        return false
                    }
                    if isReady { continuation.resume() }
                }
            } onCancelOrGracefulShutdown: {
                self.release(number)
            }
            group.cancelAll()
        }
    }

    /// Ends one wait.
    ///
    /// A signal instead could wake another who is about to end, too, and then this one would wait without end.
    private func release(_ number: Int) {
        let released = state.withLock { state in
            state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0) }
        }
        released?.continuation.resume()
    }
}
