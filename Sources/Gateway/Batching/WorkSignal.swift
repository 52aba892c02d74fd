import ServiceLifecycle
import Synchronization

/// Wakes a worker that waits for work; a signal given while it works is not lost.
///
/// Signals only save waiting time: every worker also looks by itself from time to time, because work may come from another process.
package final class WorkSignal: Sendable {
    private struct State {
        var isRaised = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Makes a signal that is not raised.
    package init() {}

    /// Wakes the worker now, or lets its next wait end at once.
    package func raise() {
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard let waiting = state.waiting else {
                state.isRaised = true
                return nil
            }
            state.waiting = nil
            return waiting
        }
        waiting?.resume()
    }

    /// Waits for a signal, but no longer than `limit` and not beyond shutdown; one worker at a time.
    func wait(atMost limit: Duration) async {
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
                        state.waiting = continuation
                        return false
                    }
                    if isReady { continuation.resume() }
                }
            } onCancelOrGracefulShutdown: {
                self.raise()
            }
            group.cancelAll()
        }
    }
}
