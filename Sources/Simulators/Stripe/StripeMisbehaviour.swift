import StrictJSON

/// How the simulated Stripe treats the next requests that create payments.
struct StripeMisbehaviour: Sendable {
    /// The ways to go wrong, by the names that scripts use.
    enum Mode: String, Sendable, CaseIterable {
        case normal
        /// Does nothing and answers 500.
        case error500 = "error_500"
        /// Does it, then answers 500; the same key gets the 500 again, as the real one replays it.
        case commit500 = "commit_500"
        /// Does it, then breaks the connection.
        case commitReset = "commit_reset"
        /// Does it, and answers too late.
        case hang
        /// Answers 200 with a page.
        case html200 = "html_200"
        case rateLimited = "rate_limited"
        /// Refuses whatever the card.
        case decline
    }

    var mode = Mode.normal
    /// Requests that are still to be treated so; nil is all.
    var count: Int?
    var retryAfterSeconds = 1
    var hangMilliseconds = 15_000

    init() {}

    /// Reads a script's order.
    init(_ order: JSONValue) {
        mode = order["mode"]?.string.flatMap(Mode.init(rawValue:)) ?? .normal
        count = order["count"]?.int64.map { Int($0) }
        retryAfterSeconds = order["retry_after"]?.int64.map { Int($0) } ?? 1
        hangMilliseconds = order["hang_ms"]?.int64.map { Int($0) } ?? 15_000
    }

    /// The mode of the next request.
    mutating func next() -> Mode {
        guard let left = count else { return mode }
        guard left > 0 else { return .normal }
        count = left - 1
        return mode
    }
}
