import HTTPTypes
import OutboundHTTP
import Synchronization

/// How a simulator's webhooks misbehave.
struct WebhookBehaviour: Sendable {
    /// Copies of each webhook that are sent in addition.
    var duplicates = 0
    var delay = Duration.milliseconds(50)
    var drops = false
    /// Webhooks wait until they are flushed, and then go last first.
    var reverses = false
    /// Webhooks wait until they are delivered in an order that is asked for, or flushed, and then go first first.
    var holds = false
}

/// A webhook that is to be sent.
struct OutgoingWebhook: Sendable {
    let body: [UInt8]
    /// Tells from the answer whether the receiver has it.
    let isAccepted: @Sendable (OutboundResponse) -> Bool
    let attemptsMax: Int
    let retryDelay: Duration
}

/// Posts webhooks some time after they were caused, or when they are asked for, each signed anew at every attempt.
final class WebhookDispatcher: Sendable {
    private let url: String
    /// The headers with which the provider sends a body.
    let sign: @Sendable ([UInt8]) -> HTTPFields
    private let client: HTTPClient
    private let behaviourBox = Mutex(WebhookBehaviour())
    private let held = Mutex<[OutgoingWebhook]>([])
    private let stream: AsyncStream<OutgoingWebhook>
    private let continuation: AsyncStream<OutgoingWebhook>.Continuation

    init(url: String, client: HTTPClient, sign: @escaping @Sendable ([UInt8]) -> HTTPFields) {
        self.url = url
        self.client = client
        self.sign = sign
        (stream, continuation) = AsyncStream.makeStream()
    }

    var behaviour: WebhookBehaviour {
        get { behaviourBox.withLock { $0 } }
        set { behaviourBox.withLock { $0 = newValue } }
    }

    /// Takes a webhook to be sent.
    func send(_ webhook: OutgoingWebhook) {
        let behaviour = behaviour
        guard !behaviour.drops else { return }
        if behaviour.reverses || behaviour.holds {
            held.withLock { $0.append(webhook) }
            return
        }
        for _ in 0...behaviour.duplicates { continuation.yield(webhook) }
    }

    /// The bodies of what is held back, in the order in which they were caused.
    var heldBodies: [[UInt8]] { held.withLock { $0.map(\.body) } }

    /// Sends what was held back, and holds it no more.
    func flush() {
        let webhooks = held.withLock { held in
            defer { held = [] }
            return held
        }
        for webhook in behaviour.reverses ? webhooks.reversed() : webhooks { continuation.yield(webhook) }
    }

    /// Posts what is held back in an order of places in `heldBodies`, one after the other and once for each time that it is named; it stays
    /// held.
    ///
    /// - Returns: the status of each answer, nil where none came; nothing when a place is empty.
    func deliver(_ order: [Int]) async -> [Int?]? {
        let webhooks = held.withLock { held in order.map { held.indices.contains($0) ? held[$0] : nil } }
        guard !webhooks.contains(where: { $0 == nil }) else { return nil }
        var statuses: [Int?] = []
        for case let webhook? in webhooks { statuses.append(await post(webhook)?.status) }
        return statuses
    }

    /// Sends until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await webhook in stream {
                group.addTask { await self.deliver(webhook) }
            }
        }
    }

    private func deliver(_ webhook: OutgoingWebhook) async {
        try? await Task.sleep(for: behaviour.delay)
        for attempt in 1...webhook.attemptsMax where !Task.isCancelled {
            if let answer = await post(webhook), webhook.isAccepted(answer) { return }
            try? await Task.sleep(for: webhook.retryDelay * attempt)
        }
    }

    private func post(_ webhook: OutgoingWebhook) async -> OutboundResponse? {
        var headers = sign(webhook.body)
        headers[.contentType] = "application/json; charset=utf-8"
        return try? await client.execute(OutboundRequest(method: .post, url: url, headers: headers, body: webhook.body))
    }
}
