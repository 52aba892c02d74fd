package import OutboundHTTP
import Payments
import Providers

/// The way out to providers: bounded in time, size and number, never following redirects.
package struct ProviderGate: Sendable {
    private let client: HTTPClient
    private let timeouts: OutboundTimeouts

    /// Sends through `client`.
    package init(client: HTTPClient, timeouts: OutboundTimeouts = OutboundTimeouts(connect: .seconds(3), total: .seconds(10))) {
        self.client = client
        self.timeouts = timeouts
    }

    /// The closure that an operation of `provider` sends with.
    func send(to provider: ProviderName) -> ProviderSend {
        { request in
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
