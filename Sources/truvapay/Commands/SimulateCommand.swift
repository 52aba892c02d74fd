import ArgumentParser
import Foundation
import Simulators

/// `truvapay simulate`.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run simulated providers and a sample order core; secrets are read from the gateway's own variables."
    )

    @Argument(help: "stripe, paypal, promptpay, crypto, order-core; all when none is named.")
    var names: [String] = []

    @Option(help: "Where the gateway listens.")
    var gateway = "http://127.0.0.1:3000"

    @Option(help: "Where the simulators listen.")
    var host = "127.0.0.1"

    @Option(help: "Port of the simulated Stripe.")
    var stripePort = SimulatorSet.portsDefault.stripe

    @Option(help: "Port of the simulated bank.")
    var bankPort = SimulatorSet.portsDefault.bank

    @Option(help: "Port of the simulated crypto processor.")
    var cryptoPort = SimulatorSet.portsDefault.crypto

    @Option(help: "Port of the sample order core.")
    var orderCorePort = SimulatorSet.portsDefault.orderCore

    @Option(help: "Port of the simulated PayPal.")
    var paypalPort = SimulatorSet.portsDefault.payPal

    @Option(help: "Port from which the simulated PayPal hands out its certificate over TLS.")
    var paypalCertificatePort = SimulatorSet.portsDefault.payPalCertificates

    @Option(help: "File to which the simulated PayPal writes its authority, for the gateway's PAYPAL_WEBHOOK_CA_FILE.")
    var paypalCAFile = PayPalPlace.authorityFileDefault

    func validate() throws {
        for name in names where !["stripe", "paypal", "promptpay", "crypto", "order-core"].contains(name) {
            throw ValidationError("there is no simulator \(name)")
        }
    }

    func run() async throws {
        let simulators = SimulatorSet(
            host: host,
            stripePort: stripePort,
            bankPort: bankPort,
            cryptoPort: cryptoPort,
            orderCorePort: orderCorePort,
            payPal: PayPalPlace(port: paypalPort, certificatePort: paypalCertificatePort, authorityFile: paypalCAFile),
            secrets: .fromEnvironment()
        )
        let places = [
            ("stripe", simulators.stripeURL), ("bank", simulators.bankURL), ("crypto", simulators.cryptoURL),
            ("order core", simulators.orderCoreURL),
        ]
        for (name, url) in places { print(name.padding(toLength: 12, withPad: " ", startingAt: 0) + url) }
        print("paypal      \(simulators.payPalURL), certificates from \(simulators.payPalCertificateHost), authority in \(paypalCAFile)")
        try await simulators.run(Set(names), gatewayURL: gateway) { notification in
            print("notification \(notification.type) \(notification.chargeID ?? "") \(notification.id)")
        }
    }
}
