import Synchronization

/// Hands connections to tasks without blocking a thread; the decisions are `ConnectionPoolStateMachine`'s.
///
/// Connections are opened when they are first wanted, so a short command needs no `run`; `run` keeps the minimum open, and closes all at
/// its end.
package final class ConnectionPool: Sendable {
    private struct Waiter {
        let continuation: CheckedContinuation<ConnectionID, any Error>
        let deadline: ContinuousClock.Instant
    }

    private struct State {
        var machine: ConnectionPoolStateMachine
        var waiters: [Int: Waiter] = [:]
        var lastWaiter = 0
        /// Requests that were cancelled before they began to wait.
        var withdrawn: Set<Int> = []
        var failure: PostgresError?
    }

    package let configuration: Configuration
    private let loop = EventLoop()
    private let shortage = Shortage()
    private let state: Mutex<State>

    /// Makes a pool; nothing is opened yet.
    package init(configuration: Configuration) {
        self.configuration = configuration
        state = Mutex(
            State(
                machine: ConnectionPoolStateMachine(
                    minimum: configuration.minimumConnections,
                    maximum: configuration.maximumConnections,
                    waitersMax: configuration.waitersMax
                )
            )
        )
    }

    deinit {
        close()
    }

    /// Keeps the pool in order until the task is cancelled; then closes it.
    package func run() async {
        while !Task.isCancelled {
            tick()
            try? await Task.sleep(for: .milliseconds(50))
        }
        close()
    }

    /// Closes idle connections and refuses whoever waits; leased connections are closed when they come back.
    package func close() {
        perform(state.withLock { $0.machine.close() })
        loop.stop()
    }

    /// When the server last refused work for want of room on its disk, memory or sessions.
    package var lastShortage: ContinuousClock.Instant? { shortage.last }

    /// Lends a connection to `body`.
    ///
    /// - Throws: `PostgresError` when none could be had, and whatever `body` throws.
    package func withSession<Value: Sendable>(_ body: (Session) async throws -> Value) async throws -> Value {
        let id = try await acquire()
        let session = Session(id: id, loop: loop, shortage: shortage)
        do {
            let value = try await body(session)
            giveBack(session)
            return value
        } catch {
            giveBack(session)
            throw error
        }
    }

    /// A connection that was closed while it lay idle is noticed at once; what takes longer is a server that is away.
    private static let staleNoticeLimit = Duration.milliseconds(200)

    /// Runs one statement for itself, again where the server gave it up for the sake of another.
    ///
    /// - Throws: `PostgresError`; after `connectionLost` the statement may have taken effect.
    package func execute(_ statement: Statement, _ parameters: [Parameter] = []) async throws -> QueryResult {
        let command = Command(statement, parameters)
        for attempt in 1... {
            do {
                return try await executeOnce(command)
            } catch let error as PostgresError where error.isConflict && attempt < ConnectionPool.statementAttemptsMax {
                try? await Task.sleep(for: ConnectionPool.pause(before: attempt))
            }
        }
        preconditionFailure("the attempts have no end but success or an error")
    }

    private static let statementAttemptsMax = 10

    private func executeOnce(_ command: Command) async throws -> QueryResult {
        let began = ContinuousClock.now
        do {
            return try await withSession { try await $0.execute(command) }
        } catch let error as PostgresError
            where error.code == .connectionFailed && ContinuousClock.now - began < ConnectionPool.staleNoticeLimit
        {
            // The connection had been closed before anything was sent, typically by a restart of the server.
            return try await withSession { try await $0.execute(command) }
        }
    }

    private func giveBack(_ session: Session) {
        guard session.isClean else { return loop.closeConnection(session.id) }
        perform(state.withLock { $0.machine.released(session.id) })
    }

    // MARK: Waiting

    private func acquire() async throws -> ConnectionID {
        try Task.checkCancellationAsPostgresError()
        let waiter = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        defer { state.withLock { _ = $0.withdrawn.remove(waiter) } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in wait(continuation, as: waiter) }
        } onCancel: {
            state.withLock { _ = $0.withdrawn.insert(waiter) }
            refuse(waiter, because: PostgresError(.cancelled, "the task was cancelled"))
        }
    }

    private func wait(_ continuation: CheckedContinuation<ConnectionID, any Error>, as waiter: Int) {
        let now = ContinuousClock.now
        let deadline = now.advanced(by: configuration.acquireTimeout)
        let actions = state.withLock { state -> [ConnectionPoolStateMachine.Action]? in
            guard !state.withdrawn.contains(waiter) else { return nil }
            state.waiters[waiter] = Waiter(continuation: continuation, deadline: deadline)
            return state.machine.request(waiter, at: now)
        }
        guard let actions else {
            continuation.resume(throwing: PostgresError(.cancelled, "the task was cancelled"))
            return
        }
        perform(actions)
    }

    /// Refuses a request that still waits; nothing happens to one that was answered.
    private func refuse(_ waiter: Int, because error: PostgresError) {
        let waiting = state.withLock { state in
            state.machine.withdraw(waiter) ? state.waiters.removeValue(forKey: waiter) : nil
        }
        waiting?.continuation.resume(throwing: error)
    }

    private func tick() {
        let now = ContinuousClock.now
        let (overdue, failure, actions) = state.withLock { state in
            let overdue = state.waiters.filter { $0.value.deadline <= now }.map(\.key)
            return (overdue, state.failure, state.machine.tick(at: now))
        }
        for waiter in overdue {
            refuse(waiter, because: failure ?? PostgresError(.poolExhausted, "no connection became free in time"))
        }
        perform(actions)
    }

    // MARK: Performing

    private func perform(_ actions: [ConnectionPoolStateMachine.Action]) {
        for action in actions {
            switch action {
            case .open: open()
            case .close(let id): loop.closeConnection(id)
            case .lease(let id, let waiter): answer(waiter, .success(id))
            case .refuse(let waiter):
                let isClosed = state.withLock { $0.machine.isClosed }
                let code: PostgresError.Code = isClosed ? .shutDown : .poolExhausted
                answer(waiter, .failure(PostgresError(code, isClosed ? "the pool is closed" : "too many wait for a connection")))
            }
        }
    }

    private func answer(_ waiter: Int, _ result: Result<ConnectionID, PostgresError>) {
        let waiting = state.withLock { $0.waiters.removeValue(forKey: waiter) }
        waiting?.continuation.resume(with: result.mapError { $0 })
    }

    private func open() {
        let order = ConnectionOrder(
            connectionString: configuration.connectionString,
            applicationName: configuration.applicationName,
            setup: configuration.sessionSetup,
            timeout: configuration.connectTimeout,
            onClosed: { [weak self] id in
                guard let self else { return }
                perform(state.withLock { $0.machine.closed(id, at: .now) })
            },
            onOpened: { [weak self, loop] id, result in
                guard let self else { return loop.closeConnection(id) }
                opened(id, result)
            }
        )
        _ = loop.open(order)
    }

    private func opened(_ id: ConnectionID, _ result: Result<Void, PostgresError>) {
        let actions = state.withLock { state -> [ConnectionPoolStateMachine.Action] in
            switch result {
            case .success:
                state.failure = nil
                return state.machine.opened(id)
            case .failure(let error):
                state.failure = error
                var random = SystemRandomNumberGenerator()
                state.machine.failedToOpen(at: .now, random: &random)
                return []
            }
        }
        perform(actions)
    }
}

extension Task where Success == Never, Failure == Never {
    static func checkCancellationAsPostgresError() throws(PostgresError) {
        guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
    }
}
