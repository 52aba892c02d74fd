import TestSupport

@testable import PostgreSQL

/// Plays the part of server and callers at random, and notes what must not happen.
struct PoolModel {
    private let maximum: Int
    private var machine: ConnectionPoolStateMachine
    private var random: SeededRandom
    private var now = ContinuousClock.now
    private var opening = 0
    private var idle: Set<ConnectionID> = []
    private var leased: [ConnectionID] = []
    private var waiting: [Int] = []
    private var lastNumber = 0
    private(set) var faults: [String] = []

    init(maximum: Int, random: SeededRandom) {
        self.maximum = maximum
        self.random = random
        machine = ConnectionPoolStateMachine(minimum: 1, maximum: maximum, waitersMax: 5)
    }

    mutating func step() {
        now += .milliseconds(Int.random(in: 0...100, using: &random))
        switch Int.random(in: 0..<7, using: &random) {
        case 0, 1: request()
        case 2 where opening > 0: opened()
        case 3 where opening > 0:
            opening -= 1
            machine.failedToOpen(at: now, random: &random)
        case 4: release()
        case 5: lose()
        default: withdraw()
        }
        perform(machine.tick(at: now))
        if opening + idle.count + leased.count > maximum { faults.append("more than \(maximum) connections") }
        if !idle.isEmpty, !waiting.isEmpty { faults.append("somebody waits beside an idle connection") }
    }

    private mutating func request() {
        lastNumber += 1
        waiting.append(lastNumber)
        perform(machine.request(lastNumber, at: now))
    }

    private mutating func opened() {
        opening -= 1
        lastNumber += 1
        let connection = ConnectionID(number: lastNumber)
        idle.insert(connection)
        perform(machine.opened(connection))
    }

    private mutating func release() {
        guard let index = leased.indices.randomElement(using: &random) else { return }
        let connection = leased.remove(at: index)
        idle.insert(connection)
        perform(machine.released(connection))
    }

    private mutating func lose() {
        guard let connection = (leased + idle.sorted { $0.number < $1.number }).randomElement(using: &random) else { return }
        leased.removeAll { $0 == connection }
        idle.remove(connection)
        perform(machine.closed(connection, at: now))
    }

    private mutating func withdraw() {
        guard let index = waiting.indices.randomElement(using: &random) else { return }
        if !machine.withdraw(waiting.remove(at: index)) { faults.append("who waits could not be withdrawn") }
    }

    private mutating func perform(_ actions: [ConnectionPoolStateMachine.Action]) {
        for action in actions {
            switch action {
            case .open: opening += 1
            case .close: faults.append("closed without a reason")
            case .lease(let connection, let waiter):
                if idle.remove(connection) == nil { faults.append("lent what is not idle") }
                leased.append(connection)
                if waiting.first != waiter { faults.append("served out of turn") }
                waiting.removeAll { $0 == waiter }
            case .refuse(let waiter):
                if waiting.count <= 5 { faults.append("refused without need") }
                waiting.removeAll { $0 == waiter }
            }
        }
    }
}
