import Dispatch
import Glibc
import Operations
import ServiceLifecycle
import UnixSignals

/// Ends the process at once when it is told to stop a second time, because somebody does not want to wait for what is in hand.
///
/// What is in hand is safe: it is answered by nobody, and the next process finds it in the database.
struct SecondSignal: Service {
    private static let patience = DispatchTimeInterval.seconds(2)

    func run() async throws {
        // The first service of all is told last to stop, so it hears signals for as long as anything else works.
        try await cancelWhenGracefulShutdown {
            var isStopping = false
            for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) {
                guard isStopping else {
                    isStopping = true
                    continue
                }
                // Outside of all tasks, for those are what may not end.
                DispatchQueue.global().asyncAfter(deadline: .now() + SecondSignal.patience) { _exit(ExitStatus.refused) }
                throw Refusal("told to stop a second time: stopped at once")
            }
        }
    }
}
