import Cryptography
import Foundation
import OutboundHTTP
import Simulators

/// The simulators that stand around a gateway for a demonstration or for development.
struct SimulatorSet: Sendable {
    let host: String
    let stripePort: Int
    let bankPort: Int
    let orderCorePort: Int
    let secrets: SimulatorSecrets

    static let portsDefault = (stripe: 18_421, bank: 18_422, orderCore: 18_423)

    var stripeURL: String { "http://\(host):\(stripePort)" }
    var bankURL: String { "http://\(host):\(bankPort)" }
    var orderCoreURL: String { "http://\(host):\(orderCorePort)/webhooks/truvapay" }

    /// Runs the named simulators until the task is cancelled; all when no name is given.
    func run(
        _ names: Set<String>,
        gatewayURL: String,
        onNotification: @escaping @Sendable (ReceivedNotification) -> Void
    ) async throws {
        let client = HTTPClient()
        try await withThrowingTaskGroup(of: Void.self) { group in
            if names.isEmpty || names.contains("stripe") {
                let stripe = StripeSimulator(
                    host: host,
                    port: stripePort,
                    webhookURL: "\(gatewayURL)/webhooks/stripe",
                    webhookSecret: secrets.stripe,
                    client: client
                )
                group.addTask { try await stripe.run() }
            }
            if names.isEmpty || names.contains("promptpay") {
                let bank = BankSimulator(
                    host: host,
                    port: bankPort,
                    webhookURL: "\(gatewayURL)/webhooks/promptpay",
                    webhookSecret: secrets.bank,
                    client: client
                )
                group.addTask { try await bank.run() }
            }
            if names.isEmpty || names.contains("order-core") {
                let core = OrderCoreSimulator(host: host, port: orderCorePort, secrets: [secrets.orderCore], onNotification: onNotification)
                group.addTask { try await core.run() }
            }
            try await group.waitForAll()
        }
    }
}

/// The secrets that simulators and gateway share.
struct SimulatorSecrets: Sendable {
    let stripe: SecretText
    let bank: SecretText
    let orderCore: SecretText

    /// Takes the gateway's own from the environment, and makes those that are missing.
    static func fromEnvironment() -> SimulatorSecrets {
        let environment = ProcessInfo.processInfo.environment
        let value = { (name: String, make: () -> String) in SecretText(environment[name] ?? make()) }
        return SimulatorSecrets(
            stripe: value("STRIPE_WEBHOOK_SECRET") { "whsec_" + Hexadecimal.encode(SecureRandom.bytes(16)) },
            bank: value("PROMPTPAY_WEBHOOK_SECRET") { Hexadecimal.encode(SecureRandom.bytes(32)) },
            orderCore: value("ORDER_CORE_WEBHOOK_SECRET") { "whsec_" + Base64.encode(SecureRandom.bytes(32)) }
        )
    }
}
