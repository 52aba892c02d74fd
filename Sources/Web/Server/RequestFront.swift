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
            guard request.head.authority != nil else { throw Problem(.hostMissing) }
            guard !CardNumbers.areIn(request.headers) else { throw Problem(.cardNumberRefused) }
            response = try await next(request, context)
        } catch {
            response = render(error, request, context)
        }
        response.headers[.requestID] = context.id
        let elapsed = ContinuousClock.now - started
        timers.record(elapsed, path: context.endpointPath, method: request.method, status: response.status)
        log(request, response, context, elapsed)
        return response
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

    private func render(_ error: any Error, _ request: Request, _ context: BasicRequestContext) -> Response {
        var problem = Problem.of(error)
        if problem.code == .routeNotFound {
            let allowed = RoutePatterns.methods(for: request.uri.path, in: routes)
            if !allowed.isEmpty, !allowed.contains(request.method.rawValue) {
                problem = Problem(.methodNotAllowed, headers: [.allow: allowed.joined(separator: ", ")])
            }
        }
        if problem.code == .internalError || problem.code == .unavailable {
            logger.error("request failed", metadata: ["request_id": "\(context.id)", "error": "\(error)"])
        }
        return problem.response(requestID: context.id)
    }

    private func log(_ request: Request, _ response: Response, _ context: BasicRequestContext, _ elapsed: Duration) {
        // Success is routine and webhooks come by the thousand; anybody can cause a 400 there, so neither may fill the log.
        let isRoutine = response.status.code < 400 || request.uri.path.hasPrefix("/webhooks/")
        logger.log(
            level: isRoutine ? .debug : .info,
            "request",
            metadata: [
                "request_id": "\(context.id)", "method": "\(request.method)", "path": "\(request.uri.path)",
                "status": "\(response.status.code)", "milliseconds": "\(elapsed / .milliseconds(1))",
            ]
        )
    }
}
