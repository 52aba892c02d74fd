import Gateway
import Glibc
import Logging
import PostgreSQL
import ServiceLifecycle
import Web

/// A loop that ends by itself at graceful shutdown, when it has finished what it has in hand.
struct Worker: Service {
    let name: String
    let loop: @Sendable () async throws -> Void

    func run() async throws {
        try await loop()
    }
}

/// Something that others use until they have stopped; only then it is cancelled.
struct Support: Service {
    let name: String
    let loop: @Sendable () async throws -> Void

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await loop() }
    }
}

/// The HTTP server: the last to start and the first to stop.
struct WebService: Service {
    let web: WebServer
    let health: HealthCheck
    /// What must be in the database before anybody calls.
    let prepare: @Sendable () async throws -> Void
    let onListening: @Sendable (Int) async -> Void
    let logger: Logger

    private static let pause = Duration.milliseconds(500)

    func run() async throws {
        guard try await isPrepared() else { return }
        try await withGracefulShutdownHandler {
            try await web.run(onListening: onListening)
        } onGracefulShutdown: {
            health.drain()
        }
    }

    /// Tries again while the database is away, which is no reason to give up; false when the process is told to stop before.
    private func isPrepared() async throws -> Bool {
        while !Task.isShuttingDownGracefully {
            do {
                try await prepare()
                return true
            } catch let error as PostgresError where error.isRetryable {
                logger.warning("the database does not answer yet", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: WebService.pause)
            }
        }
        return false
    }
}

/// How many connections the process may hold, by the limit of open files.
enum OpenFileLimit {
    private static let wanted = 20_000
    /// Database connections, outgoing requests, logs.
    private static let reserved = 500

    /// Raises the limit as far as the system lets us, and tells what is left for connections.
    static func connectionsMax() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 500 }
        limit.rlim_cur = min(limit.rlim_max, rlim_t(wanted + reserved))
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 500 }
        return max(100, Int(limit.rlim_cur) - reserved)
    }
}
