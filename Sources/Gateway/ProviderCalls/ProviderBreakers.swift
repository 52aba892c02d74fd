package import Logging
import Metrics
package import Payments
import Providers
import Synchronization

/// The circuit breakers of all providers, shared by everything that sends to one.
package final class ProviderBreakers: Sendable {
    private let breakers = Mutex<[ProviderName: CircuitBreaker]>([:])
    private let limits: CircuitBreaker.Limits
    private let now: @Sendable () -> Timestamp
    private let logger: Logger

    /// Reads the time through `now`, which must only go on: a pause is not to last until a clock has caught up with itself.
    package init(limits: CircuitBreaker.Limits = CircuitBreaker.Limits(), logger: Logger, now: @escaping @Sendable () -> Timestamp) {
        self.limits = limits
        self.logger = logger
        self.now = now
    }

    /// Where each provider's breaker stands that has ever been asked.
    package var states: [ProviderName: CircuitBreaker.State] {
        breakers.withLock { $0.mapValues(\.state) }
    }

    /// How long what is meant for a provider is put off; nil when it can go out.
    func pause(for provider: ProviderName) -> Duration? {
        breakers.withLock { $0[provider]?.pause(at: now()) }
    }

    /// The providers to which nothing goes out now.
    var waiting: [ProviderName] {
        breakers.withLock { all in all.filter { $0.value.waits(at: now()) != nil }.map(\.key) }
    }

    /// Sends with `send` unless the breaker is open, and tells the breaker what came of it.
    func guarding(_ provider: ProviderName, _ send: @escaping ProviderSend) -> ProviderSend {
        { [self] request in
            let admission = change(provider) { breaker, now in breaker.admit(at: now) }
            guard case .goes = admission else { return .notSent(reason: "the provider's circuit is open") }
            let answer = await send(request)
            change(provider) { breaker, now in
                if ProviderBreakers.isFailure(answer) { breaker.fail(at: now) } else { breaker.succeed() }
            }
            return answer
        }
    }

    /// Errors of the provider and no answer at all; that it refuses something, or limits the rate, shows that it is there.
    private static func isFailure(_ answer: ProviderAnswer) -> Bool {
        switch answer {
        case .answered(let status, _, _): status >= 500
        case .notSent, .unknown: true
        }
    }

    @discardableResult
    private func change<Result: Sendable>(
        _ provider: ProviderName,
        _ body: @Sendable (inout CircuitBreaker, Timestamp) -> Result
    ) -> Result {
        let now = now()
        let (result, before, after) = breakers.withLock { all in
            let before = all[provider]?.state
            let result = body(&all[provider, default: CircuitBreaker(limits: limits)], now)
            return (result, before, all[provider]?.state)
        }
        if before?.name != after?.name, let after { announce(provider, after, isNew: before == nil) }
        return result
    }

    private func announce(_ provider: ProviderName, _ state: CircuitBreaker.State, isNew: Bool) {
        let dimensions = [("provider", provider.text)]
        Gauge(label: "truvapay_provider_circuit_open", dimensions: dimensions).record(state.name == "closed" ? 0 : 1)
        guard !isNew else { return }
        logger.warning("a provider's circuit has changed", metadata: ["provider": "\(provider)", "state": "\(state.name)"])
    }
}
