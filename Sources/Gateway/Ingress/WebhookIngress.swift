import HTTPTypes
import Logging
import Metrics
package import Payments
package import Providers
package import Storage

/// The door for webhooks: verify on the raw bytes, store, answer.
package struct WebhookIngress: Sendable {
    private let providers: ProviderRegistry
    private let surroundings: Surroundings
    private let batcher: Batcher<InboxEvent, Bool>
    private let counters: [CounterKey: Counter]

    private struct CounterKey: Hashable {
        let provider: ProviderName
        let outcome: String
    }

    /// Lets in what `providers` verify and stores it through `batcher`.
    package init(providers: ProviderRegistry, surroundings: Surroundings, batcher: Batcher<InboxEvent, Bool>) {
        self.providers = providers
        self.surroundings = surroundings
        self.batcher = batcher
        // Made once: finding a counter by its name costs more than counting.
        let outcomes = ["stored", "duplicate", "unavailable"] + WebhookRefusal.allCases.map(\.rawValue)
        let keys = providers.names.flatMap { name in outcomes.map { CounterKey(provider: name, outcome: $0) } }
        counters = Dictionary(uniqueKeysWithValues: keys.map { ($0, WebhookIngress.counter($0)) })
    }

    /// Takes a webhook; when this returns `.stored`, the event is durable.
    package func receive(_ webhook: UnverifiedWebhook, from name: ProviderName) async -> IngressAnswer {
        guard let provider = providers[name] else { return .unknownProvider }
        switch provider.verify(webhook, at: surroundings.now()) {
        case .refused(let reason):
            count(name, reason.rawValue)
            return .refused(reason)
        case .verified(let verified):
            return await store(verified, headers: webhook.headers, provider: provider)
        }
    }

    private func store(_ webhook: VerifiedWebhook, headers: HTTPFields, provider: any PaymentProvider) async -> IngressAnswer {
        let event = InboxEvent(
            id: surroundings.identifier(),
            provider: webhook.provider,
            eventID: webhook.eventID,
            eventType: webhook.eventType,
            headers: KeptHeaders.of(headers),
            body: webhook.body,
            receivedAt: surroundings.now()
        )
        do {
            let isNew = try await batcher.submit(event)
            count(webhook.provider, isNew ? "stored" : "duplicate")
            return .stored(provider.acknowledgement(of: webhook))
        } catch {
            count(webhook.provider, "unavailable")
            return .unavailable
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
