import HTTPTypes
import Logging
import Metrics
package import Payments
package import Providers
import Storage

/// The door for webhooks: verify on the raw bytes, store, answer.
package struct WebhookIngress: Sendable {
    private let providers: ProviderRegistry
    private let surroundings: Surroundings
    private let batcher: Batcher<ReceivedEvent, Bool>
    private let deferred: DeferredVerification
    private let counters: [CounterKey: Counter]

    private struct CounterKey: Hashable {
        let provider: ProviderName
        let outcome: String
    }

    /// Lets in what `providers` verify, some of it by way of `deferred`, and stores it through `batcher`.
    package init(
        providers: ProviderRegistry,
        surroundings: Surroundings,
        batcher: Batcher<ReceivedEvent, Bool>,
        deferred: DeferredVerification
    ) {
        self.deferred = deferred
        self.providers = providers
        self.surroundings = surroundings
        self.batcher = batcher
        // Made once: finding a counter by its name costs more than counting.
        let outcomes = ["stored", "duplicate", "unavailable", "unverifiable"] + WebhookRefusal.allCases.map(\.rawValue)
        let keys = providers.names.flatMap { name in outcomes.map { CounterKey(provider: name, outcome: $0) } }
        counters = Dictionary(uniqueKeysWithValues: keys.map { ($0, WebhookIngress.counter($0)) })
    }

    /// The present moment, as the door sees it.
    package var now: @Sendable () -> Timestamp { surroundings.now }

    /// Takes a webhook; when this returns `.stored`, the event is durable.
    package func receive(_ webhook: UnverifiedWebhook, from name: ProviderName) async -> IngressAnswer {
        await withCheckedContinuation { continuation in
            receive(webhook, from: name) { continuation.resume(returning: $0) }
        }
    }

    /// Takes a webhook; `reply` is called once, on any thread, and with `.stored` only when the event is durable.
    package func receive(_ webhook: UnverifiedWebhook, from name: ProviderName, reply: @escaping @Sendable (IngressAnswer) -> Void) {
        guard let provider = providers[name] else { return reply(.unknownProvider) }
        answer(provider.verify(webhook, at: surroundings.now()), to: webhook, from: provider, reply: reply)
    }

    private func answer(
        _ verdict: WebhookVerdict,
        to webhook: UnverifiedWebhook,
        from provider: any PaymentProvider,
        reply: @escaping @Sendable (IngressAnswer) -> Void
    ) {
        switch verdict {
        case .refused(let reason):
            count(provider.name, reason.rawValue)
            reply(.refused(reason))
        case .verified(let verified):
            store(verified, headers: webhook.headers, provider: provider, reply: reply)
        case .undecided:
            guard let able = provider as? any NetworkVerification else { return reply(.unavailable) }
            deferred.add(
                DeferredVerification.Waiting(webhook: webhook, provider: able) { verdict in
                    // A second "undecided" would go round for ever.
                    let isUndecided = if case .undecided = verdict { true } else { false }
                    answer(isUndecided ? .unavailable(reason: "undecided") : verdict, to: webhook, from: provider, reply: reply)
                }
            )
        case .unavailable:
            count(provider.name, "unverifiable")
            reply(.unavailable)
        }
    }

    private func store(
        _ webhook: VerifiedWebhook,
        headers: HTTPFields,
        provider: any PaymentProvider,
        reply: @escaping @Sendable (IngressAnswer) -> Void
    ) {
        let event = InboxEvent(
            id: surroundings.identifier(),
            provider: webhook.provider,
            eventID: webhook.eventID,
            eventType: webhook.eventType,
            headers: KeptHeaders.of(headers),
            body: webhook.body,
            receivedAt: surroundings.now()
        )
        let acknowledgement = provider.acknowledgement(of: webhook)
        batcher.submit(ReceivedEvent(event: event, reading: EventReading(of: webhook, by: provider))) { [name = webhook.provider] result in
            switch result {
            case .success(let isNew):
                count(name, isNew ? "stored" : "duplicate")
                reply(.stored(acknowledgement))
            case .failure:
                count(name, "unavailable")
                reply(.unavailable)
            }
        }
    }

    private static func counter(_ key: CounterKey) -> Counter {
        Counter(
            label: "truvapay_webhooks_received_total",
            dimensions: [("provider", key.provider.text), ("outcome", key.outcome)]
        )
    }

    private func count(_ provider: ProviderName, _ outcome: String) {
        counters[CounterKey(provider: provider, outcome: outcome)]?.increment()
    }
}

/// What a provider is answered.
package enum IngressAnswer: Sendable {
    /// Durable, now or before.
    case stored(WebhookAcknowledgement)
    /// Not from the provider, or not in its form.
    case refused(WebhookRefusal)
    /// No such provider is set up here.
    case unknownProvider
    /// It could not be stored; the provider shall try again.
    case unavailable
}
