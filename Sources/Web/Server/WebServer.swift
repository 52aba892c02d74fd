import Gateway
import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore

/// The HTTP server with all its routes and limits.
package struct WebServer: Sendable {
    private let routes: [Route]
    private let authenticator: Authenticator
    private let ingress: WebhookIngress
    private let limiter: RateLimiter?
    private let settings: WebServerSettings
    private let logger: Logger

    /// Offers everything that `parts` can do.
    package init(parts: WebParts, settings: WebServerSettings, logger: Logger) {
        routes = Routes.all(parts)
        authenticator = parts.authenticator
        ingress = parts.ingress
        limiter = settings.rateLimit.map { RateLimiter(window: $0.window, maximum: $0.maximum) }
        self.settings = settings
        self.logger = logger
    }

    /// Serves until graceful shutdown: then no new connection is accepted, and requests in flight are finished.
    ///
    /// - Parameter onListening: told the port once the server listens.
    /// - Throws: when the address cannot be listened on.
    package func run(onListening: @escaping @Sendable (Int) async -> Void) async throws {
        let router = Router()
        let front = RequestFront(routes: routes, authenticator: authenticator, limiter: limiter, logger: logger)
        router.add(middleware: front)
        for (index, route) in routes.enumerated() {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                try await front.handle(request, context: context, on: index)
            }
        }
        let webhooks = WebhookDoor(route: ReceiveWebhook(ingress: ingress), front: front, now: ingress.now)
        let application = Application(
            router: router,
            server: HTTPServerBuilder { responder in ServerChannel(responder: responder, webhooks: webhooks) },
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                serverName: nil,
                backlog: 4096,
                availableConnectionsDelegate: MaximumAvailableConnections(settings.connectionsMax)
            ),
            onServerRunning: { channel in
                await onListening(channel.localAddress?.port ?? settings.port)
            },
            logger: logger
        )
        try await application.run()
    }
}

/// Where the server listens and how much it takes.
package struct WebServerSettings: Sendable {
    package let host: String
    /// The port; 0 lets the system choose.
    package let port: Int
    /// Connections beyond this wait to be accepted.
    package let connectionsMax: Int
    /// Requests of one API key within a window; nil is without limit.
    package let rateLimit: (window: Duration, maximum: Int)?

    /// Makes settings.
    package init(host: String, port: Int, connectionsMax: Int, rateLimit: (window: Duration, maximum: Int)?) {
        self.host = host
        self.port = port
        self.connectionsMax = connectionsMax
        self.rateLimit = rateLimit
    }
}
