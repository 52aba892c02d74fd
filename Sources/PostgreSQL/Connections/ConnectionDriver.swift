internal import CPostgreSQL
import Glibc

/// One libpq connection on the event loop's thread: opening, setting up, idle, busy, closed.
///
/// Everything here runs on that thread; results leave through completions.
@safe
final class ConnectionDriver {
    private enum State {
        /// libpq is connecting; can become setting up or closed.
        case opening
        /// The session's set-up runs; can become idle or closed.
        case settingUp(OperationProgress)
        /// Waits for work; can become busy or closed.
        case idle
        /// An operation runs; can become idle or closed.
        case busy(OperationProgress)
        case closed
    }

    private let id: ConnectionID
    private let order: ConnectionOrder
    private let poller: Poller
    private let deadline: ContinuousClock.Instant
    private var hostDeadline: ContinuousClock.Instant
    private var connection: OpaquePointer?
    private var watched: Int32 = -1
    private var state = State.opening
    private var prepared: Set<String> = []

    init(id: ConnectionID, order: ConnectionOrder, poller: Poller) {
        self.id = id
        self.order = order
        self.poller = poller
        deadline = ContinuousClock.now.advanced(by: order.timeout)
        hostDeadline = deadline
        unsafe connection = nil
    }

    deinit {
        if let connection = unsafe connection { unsafe PQfinish(connection) }
    }

    var isClosed: Bool { if case .closed = state { true } else { false } }

    /// Whether the connection is not ready yet and has a deadline for it.
    var isOpening: Bool {
        switch state {
        case .opening, .settingUp: true
        case .idle, .busy, .closed: false
        }
    }

    /// Begins to connect.
    func open() {
        let names = ["dbname", "fallback_application_name", "client_encoding"]
        let values = [order.connectionString, order.applicationName, "UTF8"]
        unsafe connection = CStrings.with(names) { names in
            unsafe CStrings.with(values) { values in unsafe PQconnectStartParams(names, values, 1) }
        }
        guard let connection = unsafe connection, unsafe PQstatus(connection) != CONNECTION_BAD else {
            return close(because: connectionError(.connectionFailed))
        }
        unsafe PQsetNoticeProcessor(connection, { _, _ in }, nil)
        giveHostItsTime()
        // PQconnectPoll is first called as if it had answered that it wants to write (libpq documentation).
        watch(writing: true)
    }

    /// Gives up connecting after its time, and a host that does not even refuse after its share of it.
    func checkDeadline() {
        let now = ContinuousClock.now
        guard now < deadline else { return close(because: PostgresError(.connectionFailed, "the server did not answer in time")) }
        guard case .opening = state, now >= hostDeadline, unsafe PQstatus(connection) == CONNECTION_STARTED else { return }
        // libpq sets no limit while it is polled; a socket that was shut down counts as refused, and libpq tries the next host.
        shutdown(watched, Int32(SHUT_RDWR))
        hostDeadline = deadline
    }

    private func giveHostItsTime() {
        hostDeadline = min(deadline, ContinuousClock.now.advanced(by: order.timeout / hostCount))
    }

    private var hostCount: Int {
        guard let options = unsafe PQconninfo(connection) else { return 1 }
        defer { unsafe PQconninfoFree(options) }
        var count = 1
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            let name = unsafe String(cString: keyword)
            if name == "host" || name == "hostaddr", let value = unsafe option.pointee.val {
                count = unsafe max(count, String(cString: value).split(separator: ",", omittingEmptySubsequences: false).count)
            }
            unsafe option += 1
        }
        return count
    }

    /// Goes on after the socket became ready.
    func advance() {
        switch state {
        case .opening: advanceOpening()
        case .settingUp(let progress), .busy(let progress): advanceOperation(progress)
        case .idle: advanceIdle()
        case .closed: break
        }
    }

    /// Starts an operation; the pool gives a connection one at a time.
    func begin(_ operation: Operation) {
        guard case .idle = state else {
            operation.completion(.unusable(PostgresError(.connectionFailed, "the connection is not idle")))
            return
        }
        let progress = OperationProgress(operation)
        state = .busy(progress)
        start(progress)
    }

    /// Goes on with an operation that had paused, because there is room for more again.
    func resume() {
        guard case .busy(let progress) = state else { return }
        advanceOperation(progress)
    }

    /// Asks the server to stop what it does, and closes.
    func abandon() {
        guard case .busy = state, let connection = unsafe connection else { return }
        unsafe Cancellation.request(for: connection)
        close(because: PostgresError(.cancelled, "the task was cancelled"))
    }

    /// Ends the connection and whatever waits for it.
    func close(because error: PostgresError) {
        let ended = state
        guard !isClosed else { return }
        state = .closed
        if watched >= 0 { poller.forget(watched) }
        if let connection = unsafe connection { unsafe PQfinish(connection) }
        unsafe connection = nil
        switch ended {
        case .opening, .settingUp: order.onOpened(id, .failure(error))
        case .busy(let progress):
            progress.completion(.unusable(error))
            order.onClosed(id)
        case .idle: order.onClosed(id)
        case .closed: break
        }
    }

    private func advanceOpening() {
        guard let connection = unsafe connection else { return }
        let status = unsafe PQconnectPoll(connection)
        switch status {
        case PGRES_POLLING_READING: watch(writing: false)
        case PGRES_POLLING_WRITING: watch(writing: true)
        case PGRES_POLLING_OK: return setUp()
        default: return close(because: connectionError(.connectionFailed))
        }
        // libpq has just begun with another address.
        if unsafe PQstatus(connection) == CONNECTION_STARTED { giveHostItsTime() }
    }

    // A request to cancel that arrives a moment before its statement begins stops nothing, and we do not stay to repeat it: the server
    // ends statements whose client has gone (PostgreSQL documentation, client_connection_check_interval).
    private static let noticingAbsence = "SET client_connection_check_interval = '2s'"

    private func setUp() {
        guard let connection = unsafe connection, unsafe PQsetnonblocking(connection, 1) == 0 else {
            return close(because: connectionError(.connectionFailed))
        }
        let script = ([ConnectionDriver.noticingAbsence] + order.setup).joined(separator: ";")
        let progress = OperationProgress(Operation(kind: .script(script)) { _ in })
        state = .settingUp(progress)
        start(progress)
    }

    private func start(_ progress: OperationProgress) {
        guard let connection = unsafe connection else { return }
        guard unsafe progress.send(on: connection, prepared: prepared) else { return close(because: connectionError(.connectionLost)) }
        flush()
    }

    private func advanceOperation(_ progress: OperationProgress) {
        guard let connection = unsafe connection else { return }
        guard unsafe PQconsumeInput(connection) == 1 else { return close(because: connectionError(.connectionLost)) }
        let result = unsafe progress.receive(from: connection)
        if let obstacle = progress.obstacle { return close(because: obstacle) }
        guard let result else { return progress.isPaused ? watchNothing() : flush() }
        prepared.formUnion(progress.preparedNames)
        guard unsafe PQstatus(connection) == CONNECTION_OK else { return close(because: connectionError(.connectionLost)) }
        finish(progress, result)
    }

    private func finish(_ progress: OperationProgress, _ result: Result<[QueryResult], PostgresError>) {
        if case .settingUp = state {
            if case .failure(let error) = result { return close(because: error) }
            state = .idle
            watch(writing: false)
            order.onOpened(id, .success(()))
        } else {
            let isInTransaction = unsafe PQtransactionStatus(connection) != PQTRANS_IDLE
            state = .idle
            watch(writing: false)
            progress.completion(OperationOutcome(result: result, connection: isInTransaction ? .inTransaction : .idle))
        }
    }

    private func advanceIdle() {
        guard let connection = unsafe connection else { return }
        guard unsafe PQconsumeInput(connection) == 1, unsafe PQstatus(connection) == CONNECTION_OK else {
            return close(because: connectionError(.connectionLost))
        }
    }

    private func flush() {
        guard let connection = unsafe connection else { return }
        switch unsafe PQflush(connection) {
        case 0: watch(writing: false)
        case 1: watch(writing: true)
        default: close(because: connectionError(.connectionLost))
        }
    }

    /// The socket can change while libpq tries one host after the other.
    private func watch(writing: Bool) {
        guard let connection = unsafe connection else { return }
        let socket = unsafe PQsocket(connection)
        guard socket >= 0 else { return close(because: connectionError(.connectionFailed)) }
        watched = socket
        poller.watch(socket, as: id.number, writing: writing)
    }

    private func watchNothing() {
        poller.watch(watched, as: id.number, reading: false)
    }

    private func connectionError(_ code: PostgresError.Code) -> PostgresError {
        let message = unsafe connection.flatMap { unsafe PQerrorMessage($0) }.map { unsafe String(cString: $0) } ?? ""
        let line = message.split(separator: "\n").first.map(String.init) ?? "no connection"
        return PostgresError(code, line)
    }
}
