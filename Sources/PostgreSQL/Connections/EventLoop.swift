internal import CPostgreSQL
import Foundation
import Glibc
import Synchronization

/// One thread that owns libpq connections and waits for all their sockets at once.
///
/// Everybody else hands over work through a queue and is called back; no other thread touches a connection.
final class EventLoop: Sendable {
    private enum Submission: Sendable {
        case open(ConnectionID, ConnectionOrder)
        case run(ConnectionID, Operation)
        case resume(ConnectionID)
        case abandon(ConnectionID)
        case close(ConnectionID)
        case stop
    }

    private enum Phase {
        /// Can become running or ended.
        case new
        /// The thread works; can become ended.
        case running
        case ended
    }

    private struct State {
        var submissions: [Submission] = []
        var lastNumber = 0
        var phase = Phase.new
    }

    private let state = Mutex(State())
    private let wakeDescriptor: Int32

    init() {
        wakeDescriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        precondition(wakeDescriptor >= 0, "the system has no descriptor left for the database's event loop")
    }

    deinit {
        close(wakeDescriptor)
    }

    /// Opens a connection; the order's callbacks tell how it goes.
    func open(_ order: ConnectionOrder) -> ConnectionID {
        let id = state.withLock { state in
            state.lastNumber += 1
            return ConnectionID(number: state.lastNumber)
        }
        submit(.open(id, order))
        return id
    }

    /// Runs an operation on an idle connection.
    func run(_ operation: Operation, on id: ConnectionID) {
        submit(.run(id, operation))
    }

    /// Lets an operation go on that had paused.
    func resume(_ id: ConnectionID) {
        submit(.resume(id))
    }

    /// Gives up what the connection is doing: the server is asked to stop, and the connection is closed.
    func abandon(_ id: ConnectionID) {
        submit(.abandon(id))
    }

    /// Closes a connection.
    func closeConnection(_ id: ConnectionID) {
        submit(.close(id))
    }

    /// Opens nothing more, and ends the thread once the last connection is closed.
    func stop() {
        let isUnused = state.withLock { state in
            guard case .new = state.phase else { return false }
            state.phase = .ended
            return true
        }
        if !isUnused { submit(.stop) }
    }

    private func submit(_ submission: Submission) {
        let (phase, mustWake) = state.withLock { state in
            let phase = state.phase
            guard phase != .ended else { return (phase, false) }
            state.phase = .running
            state.submissions.append(submission)
            return (phase, state.submissions.count == 1)
        }
        switch phase {
        case .new: start()
        case .running: break
        case .ended: refuse(submission)
        }
        if mustWake { wake() }
    }

    private func refuse(_ submission: Submission) {
        switch submission {
        case .open(let id, let order): order.onOpened(id, .failure(PostgresError(.shutDown, "the pool was closed")))
        case .run(_, let operation):
            operation.completion(.unusable(PostgresError(.connectionFailed, "the connection was closed before it was used")))
        case .resume, .abandon, .close, .stop: break
        }
    }

    private func start() {
        let thread = Thread { [self] in work() }
        thread.name = "postgresql"
        thread.start()
    }

    private func wake() {
        var one: UInt64 = 1
        _ = unsafe withUnsafeBytes(of: &one) { unsafe write(wakeDescriptor, $0.baseAddress, 8) }
    }

    private func work() {
        let poller = Poller()
        poller.watch(wakeDescriptor, as: 0)
        var drivers: [Int: ConnectionDriver] = [:]
        var isStopping = false
        while true {
            let hasDeadlines = drivers.values.contains { $0.isOpening }
            for event in poller.wait(milliseconds: hasDeadlines ? 50 : -1) {
                guard event.key != 0 else {
                    drain()
                    continue
                }
                drivers[event.key]?.advance()
            }
            let submissions = state.withLock { state in
                let submissions = state.submissions
                state.submissions = []
                return submissions
            }
            for submission in submissions {
                switch submission {
                case .stop: isStopping = true
                case .open where isStopping: refuse(submission)
                default: carryOut(submission, &drivers, poller)
                }
            }
            for driver in drivers.values where driver.isOpening {
                if isStopping { driver.close(because: PostgresError(.shutDown, "the pool was closed")) }
                driver.checkDeadline()
            }
            drivers = drivers.filter { !$0.value.isClosed }
            if isStopping, drivers.isEmpty, endUnlessSubmitted() { return }
        }
    }

    private func endUnlessSubmitted() -> Bool {
        state.withLock { state in
            guard state.submissions.isEmpty else { return false }
            state.phase = .ended
            return true
        }
    }

    private func drain() {
        var count: UInt64 = 0
        _ = unsafe withUnsafeMutableBytes(of: &count) { unsafe read(wakeDescriptor, $0.baseAddress, 8) }
    }

    private func carryOut(_ submission: Submission, _ drivers: inout [Int: ConnectionDriver], _ poller: Poller) {
        switch submission {
        case .open(let id, let order):
            let driver = ConnectionDriver(id: id, order: order, poller: poller)
            drivers[id.number] = driver
            driver.open()
        case .run(let id, let operation):
            guard let driver = drivers[id.number], !driver.isClosed else { return refuse(submission) }
            driver.begin(operation)
        case .resume(let id):
            drivers[id.number]?.resume()
        case .abandon(let id):
            drivers[id.number]?.abandon()
        case .close(let id):
            drivers[id.number]?.close(because: PostgresError(.shutDown, "the connection was closed"))
        case .stop: break
        }
    }
}
