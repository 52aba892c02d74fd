import CReplay
import Glibc

/// One load, on the thread that runs it.
struct LoadRun: ~Copyable {
    private let requests: PreparedRequests
    private let perSecond: Double?
    private let connections: [LoadConnection]
    private let poll: Int32
    private let timer: Int32
    private var idle: [Int] = []
    private var next = 0
    private var answered = 0
    private var begun: [Double]
    private var milliseconds: [Double]
    private var statuses: [Int: Int] = [:]
    private let start: Double

    /// The timer among the events of connections, which are numbered from zero.
    private static let timerNumber = UInt64.max

    /// Opens all connections.
    init(_ requests: PreparedRequests, port: Int, connections count: Int, perSecond: Double?) throws {
        self.requests = requests
        self.perSecond = perSecond
        connections = try (0..<count).map { _ in try LoadConnection(port: port) }
        poll = epoll_create1(0)
        timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK))
        begun = [Double](repeating: 0, count: requests.count)
        milliseconds = [Double](repeating: 0, count: requests.count)
        idle = Array((0..<count).reversed())
        start = SteadyTime.now()
        for (number, connection) in connections.enumerated() {
            watch(connection.descriptor, UInt64(number), EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLET.rawValue)
        }
        watch(timer, LoadRun.timerNumber, EPOLLIN.rawValue)
    }

    deinit {
        close(poll)
        close(timer)
    }

    /// Sends all, and waits for the last answer.
    mutating func run() throws -> LoadGenerator.Outcome {
        let requests = requests
        try requests.bytes.withUnsafeBytes { bytes in
            try beginDue(bytes)
            var events = [epoll_event](repeating: epoll_event(), count: 256)
            while answered < requests.count {
                let count = epoll_wait(poll, &events, Int32(events.count), 30_000)
                guard count > 0 || errno == EINTR else { throw BenchmarkError("no answer for thirty seconds") }
                for event in events.prefix(Int(max(0, count))) { try handle(event, bytes) }
                try beginDue(bytes)
            }
        }
        return LoadGenerator.Outcome(seconds: SteadyTime.now() - start, milliseconds: milliseconds, begun: begun, statuses: statuses)
    }

    private mutating func handle(_ event: epoll_event, _ bytes: UnsafeRawBufferPointer) throws {
        guard event.data.u64 != LoadRun.timerNumber else {
            var expirations: UInt64 = 0
            _ = read(timer, &expirations, 8)
            return
        }
        let connection = connections[Int(event.data.u64)]
        guard let request = connection.request else { return }
        if event.events & EPOLLOUT.rawValue != 0 { _ = try connection.flush(bytes) }
        guard event.events & EPOLLIN.rawValue != 0, let status = try connection.receive() else { return }
        milliseconds[request] = (SteadyTime.now() - begun[request]) * 1000
        statuses[status, default: 0] += 1
        answered += 1
        connection.request = nil
        idle.append(Int(event.data.u64))
    }

    /// Begins requests on idle connections, as many as are due.
    private mutating func beginDue(_ bytes: UnsafeRawBufferPointer) throws {
        while next < requests.count, let number = idle.last {
            let now = SteadyTime.now()
            let due = perSecond.map { start + Double(next) / $0 } ?? now
            guard due <= now else { return wake(in: due - now) }
            idle.removeLast()
            begun[next] = due
            _ = try connections[number].begin(next, bytes, requests.range(next))
            next += 1
        }
    }

    private func watch(_ descriptor: Int32, _ number: UInt64, _ events: UInt32) {
        var event = epoll_event(events: events, data: epoll_data_t(u64: number))
        epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event)
    }

    private func wake(in seconds: Double) {
        let whole = Int(seconds)
        let nanoseconds = max(1, Int((seconds - Double(whole)) * 1e9))
        var time = itimerspec(it_interval: timespec(), it_value: timespec(tv_sec: whole, tv_nsec: nanoseconds))
        timerfd_settime(timer, 0, &time, nil)
    }
}

/// The kernel's steady clock.
enum SteadyTime {
    /// Seconds since the machine's start.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
