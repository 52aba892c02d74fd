import Foundation

/// Posts prepared requests over many connections at once, each connection by a thread of its own that waits for its answer.
struct LoadGenerator {
    /// What the load met.
    struct Outcome {
        let seconds: Double
        let milliseconds: [Double]
    }

    let port: Int
    let connections: Int

    /// Sends every request once, as fast as the answers come, or at `perSecond` in all.
    ///
    /// - Throws: `BenchmarkError` when an answer is not 200.
    func send(_ requests: [[UInt8]], perSecond: Double? = nil) async throws -> Outcome {
        let progress = LoadProgress(requests: requests, perSecond: perSecond)
        let port = port
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<connections {
                group.addTask { await LoadGenerator.onThread { progress.work(port: port) } }
            }
        }
        return Outcome(seconds: LoadGenerator.seconds(since: progress.start), milliseconds: try progress.durations())
    }

    static func seconds(since start: ContinuousClock.Instant) -> Double {
        let elapsed = (ContinuousClock.now - start).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
    }

    private static func onThread(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                body()
                continuation.resume()
            }
        }
    }
}
