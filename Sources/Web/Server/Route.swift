import Gateway
import HTTPTypes
import Hummingbird

/// One address of the interface, with what it takes to use it.
struct Route: Sendable {
    typealias Handler = @Sendable (Call) async throws -> Response

    let method: HTTPRequest.Method
    /// The path as the contract writes it: `/v1/charges/{id}`.
    let path: String
    let access: Access
    let handle: Handler

    /// Who may use a route.
    enum Access: Sendable, Hashable {
        /// Anybody; the handler proves authenticity itself, where that matters.
        case open
        /// A caller with this scope.
        case scope(Scope)
    }

    /// Describes a route.
    init(_ method: HTTPRequest.Method, _ path: String, _ access: Access, _ handle: @escaping Handler) {
        self.method = method
        self.path = path
        self.access = access
        self.handle = handle
    }
}

/// A request on its route, after authentication.
struct Call: Sendable {
    let request: Request
    let parameters: Parameters
    /// Nil on open routes only.
    let caller: Caller?
    let requestID: String

    /// A path parameter read as an identifier of ours.
    ///
    /// - Throws: `Problem` with `not_found`, because no object can have such a name.
    func identifier<ID>(_ name: String, _ read: (String) -> ID?) throws(Problem) -> ID {
        guard let text = parameters.get(name), let id = read(text) else { throw Problem(.notFound) }
        return id
    }

    /// One query parameter; nil when it is missing or empty.
    func query(_ name: String) -> String? {
        request.uri.queryParameters[Substring(name)].map { String($0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// One query parameter of a closed set; nil when it is missing.
    ///
    /// - Throws: `Problem` when it is not of the set.
    func queryValue<Value>(_ name: String, _ make: (String) -> Value?) throws(Problem) -> Value? {
        guard let text = query(name) else { return nil }
        guard let value = make(text) else { throw Problem(.invalidRequest, detail: "\(name) has a value that is not known.") }
        return value
    }
}
