import Glibc
import Synchronization

/// How far all connections are together.
final class LoadProgress: Sendable {
    let start = ContinuousClock.now
    private let requests: [[UInt8]]
    /// Requests a second in all; nil for as fast as the answers come.
    private let perSecond: Double?
    private let next = Atomic<Int>(0)
    private let result = Mutex<Result<[Double], any Error>>(.success([]))

    init(requests: [[UInt8]], perSecond: Double?) {
        self.requests = requests
        self.perSecond = perSecond
    }

    /// Does requests over one connection until none is left.
    func work(port: Int) {
        let own = Result { try send(over: BlockingConnection(port: port)) }
        result.withLock { all in
            all = all.flatMap { durations in own.map { durations + $0 } }
        }
    }

    /// The milliseconds of every request.
    func durations() throws -> [Double] {
        try result.withLock { try $0.get() }
    }

    private func send(over connection: BlockingConnection) throws -> [Double] {
        var durations: [Double] = []
        while true {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < requests.count else { return durations }
            if let perSecond {
                LoadProgress.pause(Double(index) / perSecond - LoadGenerator.seconds(since: start))
            }
            let begin = ContinuousClock.now
            let status = try connection.exchange(requests[index])
            guard status == 200 else { throw BenchmarkError("a webhook was answered \(status)") }
            durations.append(LoadGenerator.seconds(since: begin) * 1000)
        }
    }

    /// Blocks, which only threads of the load's own may do.
    private static func pause(_ seconds: Double) {
        guard seconds > 0 else { return }
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int((seconds - seconds.rounded(.down)) * 1e9))
        nanosleep(&time, nil)
    }
}
