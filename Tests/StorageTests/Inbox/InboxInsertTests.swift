import Payments
import PostgreSQL
import Storage
import TestSupport
import Testing

@Suite("Inbox: writers beside each other")
struct InboxInsertTests {
    private static let now = Timestamp(seconds: 1_795_460_000)

    private static func event(_ name: String) -> InboxEvent {
        var random = SystemRandomNumberGenerator()
        return InboxEvent(
            id: WebhookEventID(at: now, random: &random),
            provider: .stripe,
            eventID: name,
            eventType: "t",
            headers: [],
            body: [UInt8](repeating: 32, count: 2000),
            receivedAt: now
        )
    }

    @Test("two writers who get the same events in opposite orders store each once and never lock each other out")
    func oppositeOrders() async throws {
        try await TestDatabase.migrated().withPool { pool in
            for round in 0..<20 {
                let names = (0..<300).map { "evt_\(round)_\($0)" }
                let inserted = try await withThrowingTaskGroup(of: Int.self) { group in
                    for order in [names, names.reversed()] {
                        group.addTask {
                            try InboxStore.decodeInserted(try await pool.run(InboxStore.insert(order.map(Self.event)))).count
                        }
                    }
                    return try await group.reduce(0, +)
                }
                #expect(inserted == names.count)
            }
        }
    }
}
