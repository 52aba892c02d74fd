/// Seats for stages: each stage is several programs and a database, and too many at once would only measure how they crowd each other.
actor Seats {
    static let shared = Seats(count: 4)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(count: Int) {
        free = count
    }

    /// Runs `body` on a seat, waiting for one while all are taken.
    func occupy<Outcome: Sendable>(_ body: @Sendable () async throws -> Outcome) async rethrows -> Outcome {
        await take()
        defer { leave() }
        return try await body()
    }

    private func take() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func leave() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
