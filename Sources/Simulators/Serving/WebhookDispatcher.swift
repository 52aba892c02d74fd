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
}

/// A webhook that is to be sent.
struct OutgoingWebhook: Sendable {
    let body: [UInt8]
    /// Tells from the answer whether the receiver has it.
    let isAccepted: @Sendable (OutboundResponse) -> Bool
    let attemptsMax: Int
    let retryDelay: Duration
}

/// Posts webhooks some time after they were caused, each signed anew at every attempt.
final class WebhookDispatcher: Sendable {
    private let url: String
    private let sign: @Sendable ([UInt8]) -> HTTPFields
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
        if behaviour.reverses {
            held.withLock { $0.append(webhook) }
            return
        }
        for _ in 0...behaviour.duplicates { continuation.yield(webhook) }
    }

    /// Sends what was held back, last first.
    func flush() {
        let webhooks = held.withLock { held in
            defer { held = [] }
            return held
        }
        for webhook in webhooks.reversed() { continuation.yield(webhook) }
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
            var headers = sign(webhook.body)
            headers[.contentType] = "application/json; charset=utf-8"
            let request = OutboundRequest(method: .post, url: url, headers: headers, body: webhook.body)
            if let answer = try? await client.execute(request), webhook.isAccepted(answer) { return }
            try? await Task.sleep(for: webhook.retryDelay * attempt)
        }
    }
}
