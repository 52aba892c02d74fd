package import HTTPTypes

/// A request to somebody else's server.
package struct OutboundRequest: Sendable {
    package let method: HTTPRequest.Method
    /// The whole address, http or https.
    package let url: String
    package let headers: HTTPFields
    package let body: [UInt8]
    package let timeouts: OutboundTimeouts
    /// The answer's body may not be larger.
    package let responseBytesMax: Int
    package let followsRedirects: Bool
    package let destination: DestinationPolicy

    /// Describes a request.
    package init(
        method: HTTPRequest.Method,
        url: String,
        headers: HTTPFields = [:],
        body: [UInt8] = [],
        timeouts: OutboundTimeouts = OutboundTimeouts(connect: .seconds(5), total: .seconds(30)),
        responseBytesMax: Int = 1024 * 1024,
        followsRedirects: Bool = false,
        destination: DestinationPolicy = .configured
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeouts = timeouts
        self.responseBytesMax = responseBytesMax
        self.followsRedirects = followsRedirects
        self.destination = destination
    }
}

/// How long a request may take.
package struct OutboundTimeouts: Sendable {
    /// For resolving, connecting and the TLS handshake.
    package let connect: Duration
    /// For everything together.
    package let total: Duration

    /// Sets the limits.
    package init(connect: Duration, total: Duration) {
        self.connect = connect
        self.total = total
    }
}

/// Where a request may go.
package enum DestinationPolicy: Sendable {
    /// The address comes from configuration: anywhere, http or https.
    case configured
    /// The address comes from data: https only, and never into private or local networks, judged by the address at connect.
    case publicOnly
}

/// A whole answer.
package struct OutboundResponse: Sendable {
    package let status: Int
    package let headers: HTTPFields
    package let body: [UInt8]
}
