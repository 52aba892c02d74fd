import ArgumentParser
import Cryptography
import Foundation
import Logging
import Metrics
import Operations
import Simulators

/// `truvapay demonstrate`: what `scripts/run.sh` runs.
struct DemonstrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demonstrate",
        abstract: "Run the gateway with simulated providers and a sample order core around it."
    )

    @Flag(help: "Drive one payment of every kind through the whole path, print each step and the books, and end.")
    var once = false

    func run() async throws {
        let simulators = SimulatorSet(
            host: "127.0.0.1",
            stripePort: SimulatorSet.portsDefault.stripe,
            bankPort: SimulatorSet.portsDefault.bank,
            cryptoPort: SimulatorSet.portsDefault.crypto,
            orderCorePort: SimulatorSet.portsDefault.orderCore,
            payPal: .standard,
            secrets: .fromEnvironment()
        )
        let key = SecretText(
            ProcessInfo.processInfo.environment["TRUVAPAY_BOOTSTRAP_KEY"] ?? "tvp_" + Hexadecimal.encode(SecureRandom.bytes(32))
        )
        let signing = try simulators.preparePayPal()
        let settings = try Settings.read(
            environment: DemonstrationEnvironment.complete(simulators, key: key),
            fileReader: Settings.readFile,
            isTerminal: true,
            isRoot: geteuid() == 0
        )
        let logger = SettingsReading.startLogging(settings)
        let metrics = PrometheusMetricsFactory(descriptions: MetricDescriptions.all)
        MetricsSystem.bootstrap(metrics)
        let board = NotificationBoard()
        let gateway = "http://\(settings.server.host):\(settings.server.port)"
        let driver = DemonstrationDriver(gateway: gateway, bank: simulators.bankURL, crypto: simulators.cryptoURL, key: key, board: board)
        try await run(settings, simulators, signing, driver, board, gateway: gateway, logger: logger, metrics: metrics)
    }

    private func run(
        _ settings: Settings,
        _ simulators: SimulatorSet,
        _ signing: PayPalSigning,
        _ driver: DemonstrationDriver,
        _ board: NotificationBoard,
        gateway: String,
        logger: Logger,
        metrics: PrometheusMetricsFactory
    ) async throws {
        let isOnce = once
        let (listening, isListening) = AsyncStream<Void>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await simulators.run([], gatewayURL: gateway, payPalSigning: signing) { board.add($0) } }
            group.addTask {
                try await ServeCommand.serve(settings, logger: logger, metrics: metrics) { _ in isListening.finish() }
            }
            for await _ in listening {}
            DemonstrationEnvironment.describe(simulators, gateway: gateway, driver: driver)
            if isOnce {
                try await driver.driveAll()
                kill(getpid(), SIGTERM)
            }
            // Told to stop, the gateway ends; then the simulators have nothing left to do.
            try await group.next()
            group.cancelAll()
        }
    }
}
