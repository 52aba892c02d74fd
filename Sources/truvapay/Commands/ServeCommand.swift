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
        let server = try await Database.server(settings) { logger.info("\($0)") }
        do {
            try await ServeCommand.serve(settings, server: server, logger: logger, metrics: metrics)
        } catch {
            await server.stopIfOwned()
            throw error
        }
        await server.stopIfOwned()
        logger.info("stopped")
    }

    private static func serve(
        _ settings: Settings,
        server: Database.Server,
        logger: Logger,
        metrics: PrometheusMetricsFactory
    ) async throws {
        let applied = try await StorageMigrations.migrator().migrate(connectionString: server.connectionString)
        for migration in applied { logger.info("migrated", metadata: ["migration": "\(migration.name)"]) }
        let database = Database(connectionString: server.connectionString, settings: settings)
        let services = try GatewayServices(settings: settings, database: database, logger: logger, metrics: metrics).all { port in
            logger.info("listening", metadata: ["host": "\(settings.server.host)", "port": "\(port)"])
        }
        let supervision: [any Service] = server.own.map { own in [Support(name: "private database", loop: own.run)] } ?? []
        var configuration = ServiceGroupConfiguration(
            services: (supervision + services).map { .init(service: $0) },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = .seconds(25)
        try await ServiceGroup(configuration: configuration).run()
    }
}
