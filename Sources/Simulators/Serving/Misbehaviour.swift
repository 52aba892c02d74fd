import StrictJSON

/// How a simulator treats the next requests that change something, or look-ups, too.
///
/// A script orders it by members, `{"commit_then_500": true, "count": 2}`, or by a name, `{"mode": "commit_500"}`.
struct Misbehaviour: Sendable, Hashable {
    /// Answers with this status and does nothing.
    var status: Int?
    /// Seconds for `Retry-After`, with status 429.
    var retryAfterSeconds = 1
    /// Waits so long before it does anything.
    var hangBeforeMilliseconds = 0
    /// Does it, and answers so much later.
    var hangAfterMilliseconds = 0
    /// Does it, then answers 500; the same key gets the 500 again, where the real one replays it.
    var commitsThen500 = false
    /// Does it, then breaks the connection.
    var commitsThenBreaks = false
    /// Answers 200 with a page and does nothing.
    var answersPage = false
    /// Refuses with the provider's word for a decline, whatever the means of payment.
    var decline: String?
    /// Whether look-ups are treated so, too.
    var includesReads = false
    /// Requests that are still to be treated so; nil is all.
    var count: Int?

    init() {}

    /// Reads a script's order; what it does not name is normal.
    init(_ order: JSONValue) {
        if let mode = order["mode"]?.string { begin(mode) }
        let number = { (name: String) in order[name]?.int64.map { Int($0) } }
        status = number("status") ?? status
        retryAfterSeconds = number("retry_after") ?? retryAfterSeconds
        hangBeforeMilliseconds = number("hang_before_ms") ?? hangBeforeMilliseconds
        hangAfterMilliseconds = number("hang_after_ms") ?? (hangAfterMilliseconds > 0 ? number("hang_ms") : nil) ?? hangAfterMilliseconds
        commitsThen500 = order["commit_then_500"]?.bool ?? commitsThen500
        decline = order["decline"]?.string ?? decline
        includesReads = order["reads"]?.bool ?? false
        count = number("count")
    }

    /// The ways to go wrong that have a name; any other name is normal.
    private mutating func begin(_ mode: String) {
        switch mode {
        case "error_500": status = 500
        case "commit_500": commitsThen500 = true
        case "commit_reset": commitsThenBreaks = true
        case "hang": hangAfterMilliseconds = 15_000
        case "html_200": answersPage = true
        case "rate_limited": status = 429
        case "decline": decline = "generic_decline"
        default: break
        }
    }

    /// How the next look-up is treated.
    mutating func nextRead() -> Misbehaviour { includesReads ? next() : Misbehaviour() }

    /// How the next request is treated.
    mutating func next() -> Misbehaviour {
        guard let left = count else { return self }
        guard left > 0 else { return Misbehaviour() }
        count = left - 1
        return self
    }

    /// Requests that are still to be treated so, as reports show it; null is all.
    var left: JSONValue { count.map { .number(JSONNumber(Int64($0))) } ?? .null }
}
