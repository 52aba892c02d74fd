import Gateway
import HTTPTypes
import Hummingbird
import Logging
import Metrics
import Synchronization

/// What every request passes: the Host check, authentication, the rate limit, the rendering of errors, log and metrics.
struct RequestFront: RouterMiddleware {
    typealias Context = BasicRequestContext

    private let routes: [Route]
    private let authenticator: Authenticator
    private let limiter: RateLimiter?
    private let logger: Logger
    private let timers: RouteTimers

    /// Stands in front of `routes`.
    init(routes: [Route], authenticator: Authenticator, limiter: RateLimiter?, logger: Logger) {
        self.routes = routes
        self.authenticator = authenticator
        self.limiter = limiter
        self.logger = logger
        timers = RouteTimers(routes: routes)
    }

    /// Catches what no route took, and renders every error.
    @concurrent
    func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        let started = ContinuousClock.now
        var response: Response
        do {
            try RequestFront.check(request.head)
            response = try await next(request, context)
        } catch {
            response = render(error, request.head, id: context.id).response
        }
        response.headers[.requestID] = context.id
        let elapsed = ContinuousClock.now - started
        finish(request.head, status: response.status, route: context.endpointPath, id: context.id, after: elapsed)
        return response
    }

    /// Refuses what no route may see.
    static func check(_ head: HTTPRequest) throws(Problem) {
        guard head.authority != nil else { throw Problem(.hostMissing) }
        guard !CardNumbers.areIn(head.headerFields) else { throw Problem(.cardNumberRefused) }
    }

    /// Measures and logs a request that is answered.
    func finish(_ head: HTTPRequest, status: HTTPResponse.Status, route: String?, id: String, after elapsed: Duration) {
        timers.record(elapsed, path: route, method: head.method, status: status)
        // Success is routine and webhooks come by the thousand; anybody can cause a 400 there, so neither may fill the log.
        let isRoutine = status.code < 400 || head.path?.hasPrefix("/webhooks/") ?? false
        logger.log(
            level: isRoutine ? .debug : .info,
            "request",
            metadata: [
                "request_id": "\(id)", "method": "\(head.method)", "path": "\(RequestFront.loggedPath(of: head))",
                "status": "\(status.code)", "milliseconds": "\(elapsed / .milliseconds(1))",
            ]
        )
    }

    /// The path without its query, which may hold anything.
    private static func path(of head: HTTPRequest) -> Substring {
        (head.path ?? "").prefix { $0 != "?" }
    }

    /// The path as it may be logged: what follows a provider's name in the address of a webhook is a secret.
    private static func loggedPath(of head: HTTPRequest) -> String {
        let path = path(of: head)
        let parts = path.split(separator: "/", maxSplits: 2)
        guard parts.count == 3, parts[0] == "webhooks" else { return String(path) }
        return "/webhooks/\(parts[1])/***"
    }

    /// Authenticates and hands over to the route.
    func handle(_ request: Request, context: BasicRequestContext, on index: Int) async throws -> Response {
        let route = routes[index]
        let caller = try await caller(for: route, request)
        return try await route.handle(
            Call(request: request, parameters: context.parameters, caller: caller, requestID: context.id)
        )
    }

    private func caller(for route: Route, _ request: Request) async throws -> Caller? {
        guard case .scope(let scope) = route.access else { return nil }
        guard let key = RequestFront.bearer(request.headers), let caller = try await authenticator.caller(presenting: key) else {
            throw Problem(.unauthorized, headers: [.wwwAuthenticate: "Bearer"])
        }
        guard caller.may(scope) else { throw Problem(.scopeMissing, detail: "The scope \(scope.rawValue) is required.") }
        if let limiter, let wait = limiter.admit(caller.keyID) {
            throw Problem(.rateLimited, headers: [.retryAfter: String(max(1, wait.components.seconds))])
        }
        return caller
    }

    private static func bearer(_ headers: HTTPFields) -> String? {
        guard let value = headers[.authorization], value.lowercased().hasPrefix("bearer ") else { return nil }
        return String(value.dropFirst("bearer ".count))
    }

    /// Turns any error into its answer.
    func render(_ error: any Error, _ head: HTTPRequest, id: String) -> Answer {
        var problem = Problem.of(error)
        if problem.code == .routeNotFound {
            let allowed = RoutePatterns.methods(for: String(RequestFront.path(of: head)), in: routes)
            if !allowed.isEmpty, !allowed.contains(head.method.rawValue) {
                problem = Problem(.methodNotAllowed, headers: [.allow: allowed.joined(separator: ", ")])
            }
        }
        if problem.code == .internalError || problem.code == .unavailable {
            logger.error("request failed", metadata: ["request_id": "\(id)", "error": "\(error)"])
        }
        return problem.answer(requestID: id)
    }
}
