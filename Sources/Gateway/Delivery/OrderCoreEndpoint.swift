import Cryptography
import HTTPTypes
package import OutboundHTTP
import Payments
import Storage

/// Where notifications go, and how one is sent there.
package struct OrderCoreEndpoint: Sendable {
    /// The address, also the name under which deliveries to it can be paused.
    package let url: String
    private let signature: NotificationSignature
    private let client: HTTPClient

    /// Standard Webhooks: 15 to 30 seconds; an answer after that counts as none.
    private static let timeouts = OutboundTimeouts(connect: .seconds(5), total: .seconds(30))
    private static let answerBytesMax = 64 * 1024

    /// Sends to `url`, signed by `signature`.
    package init(url: String, signature: NotificationSignature, client: HTTPClient) {
        self.url = url
        self.signature = signature
        self.client = client
    }

    /// Sends one notification once.
    func deliver(_ notification: ClaimedNotification, at now: Timestamp) async -> DeliveryOutcome {
        let body = Array(notification.body.utf8)
        var headers: HTTPFields = [.contentType: "application/json"]
        headers[.webhookID] = notification.id.description
        headers[.webhookTimestamp] = String(now.seconds)
        headers[.webhookSignature] = signature.header(id: notification.id, timestamp: now.seconds, body: body)
        let request = OutboundRequest(
            method: .post,
            url: url,
            headers: headers,
            body: body,
            timeouts: OrderCoreEndpoint.timeouts,
            responseBytesMax: OrderCoreEndpoint.answerBytesMax
        )
        do throws(OutboundError) {
            let response = try await client.execute(request)
            return .answered(status: response.status, retryAfter: RetryAfter.seconds(response.headers[.retryAfter]))
        } catch {
            return .failed(reason: error.description)
        }
    }
}

extension HTTPField.Name {
    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("a header name of ours is not a token") }
        return name
    }

    static let webhookID = known("webhook-id")
    static let webhookTimestamp = known("webhook-timestamp")
    static let webhookSignature = known("webhook-signature")
}

/// Reads the seconds form of `Retry-After` (RFC 9110 section 10.2.3); its date form is treated as absent.
enum RetryAfter {
    static func seconds(_ value: String?) -> Duration? {
        guard let value, let seconds = Int(value), seconds >= 0 else { return nil }
        return .seconds(min(seconds, 7 * 86_400))
    }
}
