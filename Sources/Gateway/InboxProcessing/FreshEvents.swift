import Payments
import Storage
import Synchronization

/// An event with what it says, on its way through this process.
package struct ReadEvent: Sendable {
    let id: WebhookEventID
    let provider: ProviderName
    let receivedAt: Timestamp
    /// Tries that failed.
    let attempts: Int
    let reading: EventReading

    /// A webhook that was just stored.
    init(_ received: ReceivedEvent) {
        id = received.event.id
        provider = received.event.provider
        receivedAt = received.event.receivedAt
        attempts = 0
        reading = received.reading
    }

    /// A row of the inbox, with what its body says.
    init(_ event: InboxEvent, attempts: Int, reading: EventReading) {
        id = event.id
        provider = event.provider
        receivedAt = event.receivedAt
        self.attempts = attempts
        self.reading = reading
    }
}

/// The events that this gateway has stored and not processed yet, oldest first, with what they say: the processor need not read their
/// rows back.
///
/// The rows stay the truth. What has no place here, or is lost with the process, is found there.
package final class FreshEvents: Sendable {
    private struct State {
        var events: [ReadEvent] = []
        var first = 0
    }

    private let state = Mutex(State())
    private let countMax: Int

    /// Has room for so many; each takes about half a kilobyte.
    package init(countMax: Int = 50_000) {
        self.countMax = countMax
    }

    /// Adds events whose rows were committed just now; those without a place are left to be found by their rows.
    func add(_ events: [ReadEvent]) {
        state.withLock { state in
            state.events += events.prefix(max(0, countMax - (state.events.count - state.first)))
        }
    }

    /// Removes up to `limit` of the oldest.
    func take(_ limit: Int) -> [ReadEvent] {
        state.withLock { state in
            let end = min(state.events.count, state.first + limit)
            let taken = Array(state.events[state.first..<end])
            state.first = end
            if end == state.events.count {
                state.events = []
                state.first = 0
            } else if end > 4096 {
                state.events.removeFirst(end)
                state.first = 0
            }
            return taken
        }
    }

    /// How many there are.
    var count: Int { state.withLock { $0.events.count - $0.first } }

    /// When the oldest was received; nil when there is none.
    var oldestReceivedAt: Timestamp? {
        state.withLock { $0.first < $0.events.count ? $0.events[$0.first].receivedAt : nil }
    }
}
