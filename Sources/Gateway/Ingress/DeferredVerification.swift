import HTTPTypes
package import OutboundHTTP
import Payments
import Providers

/// The slower way through the door, for webhooks that cannot be judged without the network: few at a time, and many more that wait.
///
/// What has no place is answered as if the database were away: the provider sends it again.
package final class DeferredVerification: Sendable {
    /// A webhook that waits for its verdict.
    struct Waiting: Sendable {
        let webhook: UnverifiedWebhook
        let provider: any NetworkVerification
        /// Called once, on any thread.
        let reply: @Sendable (WebhookVerdict) -> Void
    }

    private let work = BoundedWork<Waiting>(waitingMax: 1000, concurrentMax: 16)
    private let certificates: CertificateGate
    private let gate: ProviderGate
    private let surroundings: Surroundings

    /// Fetches certificates through one gate and calls APIs through the other.
    package init(certificates: CertificateGate, gate: ProviderGate, surroundings: Surroundings) {
        self.certificates = certificates
        self.gate = gate
        self.surroundings = surroundings
    }

    /// Works until shutdown, and then on what has been taken before.
    package func run() async {
        await work.run { [certificates, gate, surroundings] waiting in
            let network = VerificationNetwork(certificates: certificates.send, api: gate.send(to: waiting.provider.name))
            waiting.reply(await waiting.provider.verify(waiting.webhook, at: surroundings.now(), network: network))
        }
    }

    /// Takes a webhook.
    func add(_ waiting: Waiting) {
        guard work.add(waiting) else { return waiting.reply(.unavailable(reason: "too many wait for their verification")) }
    }
}

/// The way out to certificates whose address came with a webhook: https, no redirects, five seconds, 64 kB.
package struct CertificateGate: Sendable {
    private let client: HTTPClient

    private static let timeouts = OutboundTimeouts(connect: .seconds(3), total: .seconds(5))
    private static let bytesMax = 64 * 1024

    /// Fetches through a client that trusts what the certificates' hosts show.
    package init(client: HTTPClient) {
        self.client = client
    }

    /// The closure that a verification fetches with.
    var send: ProviderSend {
        { [client] request in
            // Only the verification knows which hosts are allowed, but whatever it asks for, nothing goes out in the clear.
            guard request.url.hasPrefix("https://") else { return .notSent(reason: "not https") }
            let outbound = OutboundRequest(
                method: .get,
                url: request.url,
                headers: request.headers,
                timeouts: CertificateGate.timeouts,
                responseBytesMax: CertificateGate.bytesMax
            )
            do throws(OutboundError) {
                let response = try await client.execute(outbound)
                return .answered(status: response.status, headers: response.headers, body: response.body)
            } catch {
                return .notSent(reason: error.description)
            }
        }
    }
}
