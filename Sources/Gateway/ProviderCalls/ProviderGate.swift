package import OutboundHTTP
import Payments
import Providers

/// The way out to providers: bounded in time, size and number, never following redirects.
package struct ProviderGate: Sendable {
    private let client: HTTPClient
    private let timeouts: OutboundTimeouts
    private let breakers: ProviderBreakers

    /// Sends through `client` what `breakers` let through.
    package init(
        client: HTTPClient,
        breakers: ProviderBreakers,
        timeouts: OutboundTimeouts = OutboundTimeouts(connect: .seconds(3), total: .seconds(10))
    ) {
        self.client = client
        self.breakers = breakers
        self.timeouts = timeouts
    }

    /// How long what is meant for `provider` is put off; nil when it can go out.
    func pause(for provider: ProviderName) -> Duration? {
        breakers.pause(for: provider)
    }

    /// The providers to which nothing goes out now.
    var waiting: [ProviderName] { breakers.waiting }

    /// The closure that an operation of `provider` sends with.
    func send(to provider: ProviderName) -> ProviderSend {
        breakers.guarding(provider, unguarded)
    }

    private var unguarded: ProviderSend {
        { [client, timeouts] request in
            do throws(OutboundError) {
                let response = try await client.execute(
                    OutboundRequest(
                        method: request.method,
                        url: request.url,
                        headers: request.headers,
                        body: request.body,
                        timeouts: timeouts
                    )
                )
                return .answered(status: response.status, headers: response.headers, body: response.body)
            } catch {
                return switch error.wasSent {
                case .no: .notSent(reason: error.description)
                case .unknown: .unknown(reason: error.description)
                }
            }
        }
    }
}
