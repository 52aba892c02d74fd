import PostgreSQL
import ArgumentParser
import Logging
import Metrics
import Operations
import ServiceLifecycle
import Storage
import UnixSignals

/// `truvapay serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the gateway until it is told to stop; a second signal stops it at once."
    )

    func run() async throws {
        let settings = try SettingsReading.settings()
        let logger = SettingsReading.startLogging(settings)
        let metrics = PrometheusMetricsFactory(descriptions: MetricDescriptions.all)
        MetricsSystem.bootstrap(metrics)
        try await ServeCommand.serve(settings, logger: logger, metrics: metrics) { port in
            logger.info("listening", metadata: ["host": "\(settings.server.host)", "port": "\(port)"])
        }
        logger.info("stopped")
    }

    /// Starts the database where it is the process's own, migrates, and serves until the process is told to stop.
    static func serve(
        _ settings: Settings,
        logger: Logger,
        metrics: PrometheusMetricsFactory,
        onListening: @escaping @Sendable (Int) async -> Void
    ) async throws {
        let server = try await Database.server(settings) { logger.info("\($0)") }
        do {
            try await serve(settings, server, logger, metrics, onListening)
        } catch {
            await server.stopIfOwned()
            throw error
        }
        await server.stopIfOwned()
    }

    private static func serve(
        _ settings: Settings,
        _ server: Database.Server,
        _ logger: Logger,
        _ metrics: PrometheusMetricsFactory,
        _ onListening: @escaping @Sendable (Int) async -> Void
    ) async throws {
        let applied = try await StorageMigrations.migrator().migrate(connectionString: server.connectionString)
        for migration in applied { logger.info("migrated", metadata: ["migration": "\(migration.name)"]) }
        let database = Database(connectionString: server.connectionString, settings: settings)
        let services = try GatewayServices(settings: settings, database: database, logger: logger, metrics: metrics)
            .all(onListening: onListening)
        let supervision: [any Service] = server.own.map { own in [Support(name: "private database", loop: own.run)] } ?? []
        var configuration = ServiceGroupConfiguration(
            services: ([SecondSignal()] + supervision + services).map { .init(service: $0) },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = .seconds(25)
        try await ServiceGroup(configuration: configuration).run()
    }
}
