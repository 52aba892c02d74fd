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
        case abandon(ConnectionID)
        case close(ConnectionID)
        case stop
    }

    private struct State {
        var submissions: [Submission] = []
        var lastNumber = 0
        var isStarted = false
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

    /// Gives up what the connection is doing: the server is asked to stop, and the connection is closed.
    func abandon(_ id: ConnectionID) {
        submit(.abandon(id))
    }

    /// Closes a connection.
    func closeConnection(_ id: ConnectionID) {
        submit(.close(id))
    }

    /// Closes everything and ends the thread.
    func stop() {
        submit(.stop)
    }

    private func submit(_ submission: Submission) {
        let (mustStart, mustWake) = state.withLock { state in
            let mustStart = !state.isStarted
            state.isStarted = true
            state.submissions.append(submission)
            return (mustStart, state.submissions.count == 1)
        }
        if mustStart { start() }
        if mustWake { wake() }
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
                guard carryOut(submission, &drivers, poller) else { return }
            }
            for driver in drivers.values where driver.isOpening { driver.checkDeadline() }
            drivers = drivers.filter { !$0.value.isClosed }
        }
    }

    private func drain() {
        var count: UInt64 = 0
        _ = unsafe withUnsafeMutableBytes(of: &count) { unsafe read(wakeDescriptor, $0.baseAddress, 8) }
    }

    /// False when the thread shall end.
    private func carryOut(_ submission: Submission, _ drivers: inout [Int: ConnectionDriver], _ poller: Poller) -> Bool {
        switch submission {
        case .open(let id, let order):
            let driver = ConnectionDriver(id: id, order: order, poller: poller)
            drivers[id.number] = driver
            driver.open()
        case .run(let id, let operation):
            guard let driver = drivers[id.number], !driver.isClosed else {
                operation.completion(.failure(PostgresError(.connectionFailed, "the connection was closed before it was used")))
                return true
            }
            driver.begin(operation)
        case .abandon(let id):
            drivers[id.number]?.abandon()
        case .close(let id):
            drivers[id.number]?.close(because: PostgresError(.shutDown, "the connection was closed"))
        case .stop:
            for driver in drivers.values { driver.close(because: PostgresError(.shutDown, "the pool was closed")) }
            return false
        }
        return true
    }
}
