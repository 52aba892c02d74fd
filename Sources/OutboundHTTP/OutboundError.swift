/// Why no whole answer came, and whether the request may have had its effect.
///
/// The description is safe for logs: never the path, the query, a header or a body.
package struct OutboundError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure.
    package enum Code: String, Sendable, CaseIterable {
        case invalidURL = "invalid_url"
        case refusedDestination = "refused_destination"
        case couldNotResolve = "could_not_resolve"
        case couldNotConnect = "could_not_connect"
        case connectTimedOut = "connect_timed_out"
        case tlsFailed = "tls_failed"
        case timedOut = "timed_out"
        case connectionLost = "connection_lost"
        case responseTooLarge = "response_too_large"
        case malformedResponse = "malformed_response"
        case cancelled
        case overloaded
        case shutDown = "shut_down"
    }

    /// Whether the request reached the other side.
    package enum Delivery: String, Sendable {
        /// Certainly no byte of it left.
        case no
        /// It left, or may have: the other side may have acted on it.
        case unknown
    }

    package let code: Code
    package let wasSent: Delivery
    private let host: String

    init(_ code: Code, wasSent: Delivery, host: String = "") {
        self.code = code
        self.wasSent = wasSent
        self.host = host
    }

    package var description: String {
        let place = host.isEmpty ? "" : " at \(host)"
        return "\(code.rawValue)\(place) (sent: \(wasSent.rawValue))"
    }
}
