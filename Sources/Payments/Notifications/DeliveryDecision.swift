/// What one delivery attempt ended with.
package enum DeliveryOutcome: Sendable, Hashable {
    /// The order core answered; `retryAfter` is what its header asked for.
    case answered(status: Int, retryAfter: Duration?)
    /// No whole answer came; the reason is for the listing.
    case failed(reason: String)
}

/// What follows from a delivery attempt.
package enum DeliveryDecision: Sendable, Hashable {
    case delivered
    case retry(after: Duration)
    /// The schedule is used up: kept for finance and operators, sent again only by hand.
    case deadLetter
    /// The receiver said that it is gone: all deliveries to it pause until somebody resumes them.
    case pauseEndpoint

    /// Decides after `attempts` attempts, the one that just ended included.
    ///
    /// Standard Webhooks: only 2xx is success, redirects are failures, 410 disables the endpoint, and 429, 502 and 504 ask for patience,
    /// which `Retry-After` can state; it is honoured up to one day.
    package static func after(
        _ outcome: DeliveryOutcome,
        attempts: Int,
        random: inout some RandomNumberGenerator
    ) -> DeliveryDecision {
        var asked: Duration?
        if case .answered(let status, let retryAfter) = outcome {
            if (200...299).contains(status) { return .delivered }
            if status == 410 { return .pauseEndpoint }
            asked = retryAfter.map { min($0, .seconds(86_400)) }
        }
        guard let delay = DeliverySchedule.delay(afterAttempts: attempts, random: &random) else { return .deadLetter }
        return .retry(after: max(delay, asked ?? .zero))
    }
}
