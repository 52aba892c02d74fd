/// Sends requests through libcurl: connections are reused, every limit is set, and a failure tells whether the request was sent.
package final class HTTPClient: Sendable {
    private let loop: TransferLoop

    /// Makes a client; its thread starts with the first request.
    package init(configuration: HTTPClientConfiguration = HTTPClientConfiguration()) {
        loop = TransferLoop(configuration: configuration)
    }

    deinit {
        loop.stop()
    }

    /// Sends a request and waits for the whole answer.
    ///
    /// - Throws: `OutboundError`.
    package func execute(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        let host = try RequestCheck.host(of: request)
        guard !Task.isCancelled else { throw OutboundError(.cancelled, wasSent: .no, host: host) }
        let number = loop.reserveNumber()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.submit(number, request, host: host) { continuation.resume(returning: $0) }
                // A cancellation before the loop knew the number found nothing to cancel.
                if Task.isCancelled { loop.cancel(number) }
            }
        } onCancel: {
            loop.cancel(number)
        }
        return try result.get()
    }

    /// Ends all requests under way and takes no more.
    package func shutdown() async {
        loop.stop()
    }
}

/// How much a client does at once.
package struct HTTPClientConfiguration: Sendable {
    /// Connections to one host.
    package let connectionsPerHostMax: Int
    /// Connections in all.
    package let connectionsMax: Int
    /// Requests that are under way or wait; more are refused.
    package let requestsMax: Int
    /// How long a connection may lie idle and still be used; whole seconds.
    package let connectionIdleMax: Duration
    /// Shown to the other side.
    package let userAgent: String
    /// A file of certificates to trust beside the system's, for tests and private networks.
    package let additionalAuthoritiesFile: String?

    /// Makes a configuration.
    package init(
        connectionsPerHostMax: Int = 128,
        connectionsMax: Int = 512,
        requestsMax: Int = 4096,
        connectionIdleMax: Duration = .seconds(30),
        userAgent: String = "TruvaPay",
        additionalAuthoritiesFile: String? = nil
    ) {
        self.connectionsPerHostMax = connectionsPerHostMax
        self.connectionsMax = connectionsMax
        self.requestsMax = requestsMax
        self.connectionIdleMax = connectionIdleMax
        self.userAgent = userAgent
        self.additionalAuthoritiesFile = additionalAuthoritiesFile
    }
}
