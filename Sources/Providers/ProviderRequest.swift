package import HTTPTypes

/// A request to a provider's API, as a value.
package struct ProviderRequest: Sendable, Hashable {
    package let method: HTTPRequest.Method
    /// The whole address.
    package let url: String
    package let headers: HTTPFields
    package let body: [UInt8]

    /// Makes a request.
    package init(method: HTTPRequest.Method, url: String, headers: HTTPFields, body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// What became of a request to a provider.
package enum ProviderAnswer: Sendable, Hashable {
    /// The provider answered; anybody in between may have, too.
    case answered(status: Int, headers: HTTPFields, body: [UInt8])
    /// No byte of the request left, so nothing can have happened.
    case notSent(reason: String)
    /// The request left and no whole answer came.
    case unknown(reason: String)
}

/// Sends a request and waits for what becomes of it.
package typealias ProviderSend = @Sendable (ProviderRequest) async -> ProviderAnswer

extension HTTPField.Name {
    /// A header's name that HTTP itself does not know.
    static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("a header name of ours is not a token") }
        return name
    }
}
