import Gateway
import HTTPTypes
import Hummingbird
import Payments
import Providers

/// `POST /webhooks/{provider}`, and the same with a secret at its end for providers that sign nothing.
struct ReceiveWebhook: Sendable {
    let ingress: WebhookIngress

    static let path = "/webhooks/{provider}"
    static let secretPath = "/webhooks/{provider}/{secret}"
    private static let bodyBytesMax = 1024 * 1024

    /// Answers a request that came through the router.
    func answer(_ call: Call) async throws -> Response {
        guard let name = call.parameters.get("provider") else { throw Problem(.routeNotFound) }
        let body = try await BodyReading.bytes(of: call.request, limit: ReceiveWebhook.bodyBytesMax)
        let webhook = UnverifiedWebhook(headers: call.request.headers, body: body, pathSecret: call.parameters.get("secret"))
        return try await ReceiveWebhook.answer(to: ingress.receive(webhook, from: ProviderName(name))).response
    }

    /// Answers a request that arrived whole; `reply` is called once, on any thread.
    func answer(_ webhook: UnverifiedWebhook, from name: String, reply: @escaping @Sendable (Result<Answer, Problem>) -> Void) {
        ingress.receive(webhook, from: ProviderName(name)) { answer in
            reply(Result { () throws(Problem) in try ReceiveWebhook.answer(to: answer) })
        }
    }

    private static func answer(to answer: IngressAnswer) throws(Problem) -> Answer {
        switch answer {
        case .stored(let acknowledgement): return Answer(acknowledgement.body, contentType: acknowledgement.contentType)
        // The reason stays here: whoever forges signatures shall not learn from the answer.
        case .refused: throw Problem(.webhookRefused)
        case .unknownProvider: throw Problem(.routeNotFound)
        case .unavailable: throw Problem.unavailable
        }
    }
}
