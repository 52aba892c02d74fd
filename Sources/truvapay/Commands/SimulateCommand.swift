import ArgumentParser
import Simulators

/// `truvapay simulate`.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run simulated providers and a sample order core; secrets are read from the gateway's own variables."
    )

    @Argument(help: "stripe, promptpay, order-core; all when none is named.")
    var names: [String] = []

    @Option(help: "Where the gateway listens.")
    var gateway = "http://127.0.0.1:3000"

    @Option(help: "Where the simulators listen.")
    var host = "127.0.0.1"

    @Option(help: "Port of the simulated Stripe.")
    var stripePort = SimulatorSet.portsDefault.stripe

    @Option(help: "Port of the simulated bank.")
    var bankPort = SimulatorSet.portsDefault.bank

    @Option(help: "Port of the sample order core.")
    var orderCorePort = SimulatorSet.portsDefault.orderCore

    func validate() throws {
        for name in names where !["stripe", "promptpay", "order-core"].contains(name) {
            throw ValidationError("there is no simulator \(name)")
        }
    }

    func run() async throws {
        let simulators = SimulatorSet(
            host: host,
            stripePort: stripePort,
            bankPort: bankPort,
            orderCorePort: orderCorePort,
            secrets: .fromEnvironment()
        )
        print("stripe      \(simulators.stripeURL)\nbank        \(simulators.bankURL)\norder core  \(simulators.orderCoreURL)")
        try await simulators.run(Set(names), gatewayURL: gateway) { notification in
            print("notification \(notification.type) \(notification.chargeID ?? "") \(notification.id)")
        }
    }
}
