/// The decisions of the pool as a value: events go in, actions come out, nothing is performed here.
///
/// A connection is opening, idle or leased. A request gets an idle connection at once or waits; a new connection is opened while there are
/// fewer than the maximum. After a failed opening the next one waits, a little longer each time.
struct ConnectionPoolStateMachine {
    /// What the shell has to do.
    enum Action: Equatable {
        case open
        case close(ConnectionID)
        case lease(ConnectionID, to: Int)
        case refuse(Int)
    }

    private let minimum: Int
    private let maximum: Int
    private let waitersMax: Int
    private var idle: [ConnectionID] = []
    private var leased: Set<ConnectionID> = []
    private var openingCount = 0
    private var waiters: [Int] = []
    private var failureCount = 0
    private var opensAgainAt = ContinuousClock.now
    private(set) var isClosed = false

    init(minimum: Int, maximum: Int, waitersMax: Int) {
        self.maximum = max(1, maximum)
        self.minimum = min(minimum, self.maximum)
        self.waitersMax = waitersMax
    }

    private var connectionCount: Int { idle.count + leased.count + openingCount }

    /// Somebody wants a connection.
    mutating func request(_ waiter: Int, at now: ContinuousClock.Instant) -> [Action] {
        guard !isClosed else { return [.refuse(waiter)] }
        if let connection = idle.popLast() {
            leased.insert(connection)
            return [.lease(connection, to: waiter)]
        }
        guard waiters.count < waitersMax else { return [.refuse(waiter)] }
        waiters.append(waiter)
        return openIfUseful(at: now)
    }

    /// Somebody does not want to wait any longer; false when the request was answered already.
    mutating func withdraw(_ waiter: Int) -> Bool {
        guard let index = waiters.firstIndex(of: waiter) else { return false }
        waiters.remove(at: index)
        return true
    }

    /// An opening ended well.
    mutating func opened(_ connection: ConnectionID) -> [Action] {
        openingCount -= 1
        failureCount = 0
        guard !isClosed else { return [.close(connection)] }
        return hand(connection)
    }

    /// An opening failed; the next waits 50 ms, then twice as long each time, up to 2 s, plus up to half of that by chance.
    mutating func failedToOpen(at now: ContinuousClock.Instant, random: inout some RandomNumberGenerator) {
        openingCount -= 1
        let milliseconds = min(2000, 50 << min(failureCount, 6))
        failureCount += 1
        opensAgainAt = now.advanced(by: .milliseconds(milliseconds + Int.random(in: 0...milliseconds / 2, using: &random)))
    }

    /// A connection comes back in good order.
    mutating func released(_ connection: ConnectionID) -> [Action] {
        guard leased.remove(connection) != nil else { return [] }
        return isClosed ? [.close(connection)] : hand(connection)
    }

    /// A connection is gone, whoever had it.
    mutating func closed(_ connection: ConnectionID, at now: ContinuousClock.Instant) -> [Action] {
        leased.remove(connection)
        idle.removeAll { $0 == connection }
        return openIfUseful(at: now)
    }

    /// Time has passed: opens what is missing.
    mutating func tick(at now: ContinuousClock.Instant) -> [Action] {
        openIfUseful(at: now)
    }

    /// Nothing new is taken; leased connections are closed when they come back.
    mutating func close() -> [Action] {
        isClosed = true
        let actions = idle.map { Action.close($0) } + waiters.map { Action.refuse($0) }
        idle = []
        waiters = []
        return actions
    }

    private mutating func hand(_ connection: ConnectionID) -> [Action] {
        guard !waiters.isEmpty else {
            idle.append(connection)
            return []
        }
        leased.insert(connection)
        return [.lease(connection, to: waiters.removeFirst())]
    }

    private mutating func openIfUseful(at now: ContinuousClock.Instant) -> [Action] {
        guard !isClosed, now >= opensAgainAt else { return [] }
        let wanted = max(minimum - connectionCount, min(waiters.count - openingCount, maximum - connectionCount))
        // After a failure one attempt at a time is enough to learn whether the server is back.
        let count = failureCount > 0 ? min(wanted, 1 - openingCount) : wanted
        guard count > 0 else { return [] }
        openingCount += count
        return Array(repeating: .open, count: count)
    }
}
