import Gateway
import HTTPTypes
import Hummingbird
import Payments
import Providers

/// `POST /webhooks/{provider}`.
struct ReceiveWebhook: Sendable {
    let ingress: WebhookIngress

    private static let bodyBytesMax = 1024 * 1024

    func answer(_ call: Call) async throws -> Response {
        guard let name = call.parameters.get("provider") else { throw Problem(.routeNotFound) }
        let body = try await BodyReading.bytes(of: call.request, limit: ReceiveWebhook.bodyBytesMax)
        let webhook = UnverifiedWebhook(headers: call.request.headers, body: body)
        switch await ingress.receive(webhook, from: ProviderName(name)) {
        case .stored(let acknowledgement): return .bytes(acknowledgement.body, contentType: acknowledgement.contentType)
        // The reason stays here: whoever forges signatures shall not learn from the answer.
        case .refused: throw Problem(.webhookRefused)
        case .unknownProvider: throw Problem(.routeNotFound)
        case .unavailable: throw Problem.unavailable
        }
    }
}
