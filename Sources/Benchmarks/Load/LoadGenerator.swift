/// Posts prepared requests over many connections at once, from one thread that waits for all of them together; as little work as can be,
/// for it shares the cores with what it measures.
struct LoadGenerator: Sendable {
    /// What the load met.
    struct Outcome: Sendable {
        let seconds: Double
        /// How long each request took, in the order of the requests; of a request that came late because all connections were busy, the
        /// wait counts too.
        let milliseconds: [Double]
        /// When each request was due, in seconds of `SteadyTime`.
        let begun: [Double]
        /// How many answers there were of each status.
        let statuses: [Int: Int]
    }

    let port: Int
    let connections: Int

    /// Sends every request once, as fast as the answers come, or at `perSecond` in all.
    ///
    /// - Throws: `BenchmarkError` when a connection breaks, or an answer has a status that is not `expected`.
    func send(_ requests: PreparedRequests, perSecond: Double? = nil, expected: ClosedRange<Int> = 200...200) async throws -> Outcome {
        let (port, connections) = (port, connections)
        let outcome = try await OwnThread.run {
            Result {
                var run = try LoadRun(requests, port: port, connections: connections, perSecond: perSecond)
                return try run.run()
            }
        }.get()
        if let other = outcome.statuses.keys.first(where: { !expected.contains($0) }) {
            throw BenchmarkError("\(outcome.statuses[other] ?? 0) requests were answered \(other)")
        }
        return outcome
    }

    /// Whether somebody takes connections.
    static func isListening(port: Int) -> Bool {
        (try? LoadConnection(port: port)) != nil
    }
}
