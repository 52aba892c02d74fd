import Cryptography
import Foundation
import OutboundHTTP
import Simulators

/// The simulators that stand around a gateway for a demonstration or for development.
struct SimulatorSet: Sendable {
    let host: String
    let stripePort: Int
    let bankPort: Int
    let cryptoPort: Int
    let orderCorePort: Int
    let payPal: PayPalPlace
    let secrets: SimulatorSecrets

    static let portsDefault = (
        stripe: 18_421, bank: 18_422, orderCore: 18_423, payPal: 18_424, payPalCertificates: 18_425, crypto: 18_426
    )

    var stripeURL: String { "http://\(host):\(stripePort)" }
    var bankURL: String { "http://\(host):\(bankPort)" }
    var payPalURL: String { "http://\(host):\(payPal.port)" }
    /// What `PAYPAL_WEBHOOK_CERT_HOSTS` has to name.
    var payPalCertificateHost: String { "\(host):\(payPal.certificatePort)" }
    var cryptoURL: String { "http://\(host):\(cryptoPort)" }
    var orderCoreURL: String { "http://\(host):\(orderCorePort)/webhooks/truvapay" }

    /// Makes the keys of the simulated PayPal and writes its authority to a file, for gateways that start afterwards.
    func preparePayPal() throws -> PayPalSigning {
        let signing = PayPalSigning(host: host)
        try signing.authorityPEM.write(toFile: payPal.authorityFile, atomically: true, encoding: .utf8)
        return signing
    }

    private func simulatedPayPal(_ gatewayURL: String, _ signing: PayPalSigning?, _ client: HTTPClient) throws -> PayPalSimulator {
        let configuration = PayPalSimulator.Configuration(
            host: host,
            port: payPal.port,
            certificatePort: payPal.certificatePort,
            webhookURL: "\(gatewayURL)/webhooks/paypal",
            clientID: secrets.payPalClientID,
            clientSecret: secrets.payPalClientSecret,
            webhookID: secrets.payPalWebhookID
        )
        return PayPalSimulator(configuration, signing: try signing ?? preparePayPal(), client: client)
    }

    /// Runs the named simulators until the task is cancelled; all when no name is given.
    func run(
        _ names: Set<String>,
        gatewayURL: String,
        payPalSigning: PayPalSigning? = nil,
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
                    webhookURL: "\(gatewayURL)/webhooks/promptpay\(secrets.bankPath)",
                    style: secrets.bankStyle,
                    client: client
                )
                group.addTask { try await bank.run() }
            }
            if names.isEmpty || names.contains("paypal") {
                let payPal = try simulatedPayPal(gatewayURL, payPalSigning, client)
                group.addTask { try await payPal.run() }
            }
            if names.isEmpty || names.contains("crypto") {
                let crypto = CryptoSimulator(
                    host: host,
                    port: cryptoPort,
                    webhookURL: "\(gatewayURL)/webhooks/crypto",
                    webhookSecret: secrets.crypto,
                    client: client
                )
                group.addTask { try await crypto.run() }
            }
            if names.isEmpty || names.contains("order-core") {
                let core = OrderCoreSimulator(host: host, port: orderCorePort, secrets: [secrets.orderCore], onNotification: onNotification)
                group.addTask { try await core.run() }
            }
            try await group.waitForAll()
        }
    }
}

/// Where the simulated PayPal is.
struct PayPalPlace: Sendable {
    let port: Int
    let certificatePort: Int
    /// Where its authority is written.
    let authorityFile: String

    /// A file of this run alone: another run has another authority.
    static var authorityFileDefault: String { NSTemporaryDirectory() + "truvapay-paypal-\(getpid()).pem" }

    /// The usual place.
    static var standard: PayPalPlace {
        PayPalPlace(
            port: SimulatorSet.portsDefault.payPal,
            certificatePort: SimulatorSet.portsDefault.payPalCertificates,
            authorityFile: authorityFileDefault
        )
    }
}

/// The secrets that simulators and gateway share.
struct SimulatorSecrets: Sendable {
    let stripe: SecretText
    let bank: SecretText
    let bankStyle: BankStyle
    /// What follows the provider's name in the address of webhooks, for a bank that signs nothing.
    let bankPath: String
    let crypto: SecretText
    let orderCore: SecretText
    let payPalClientID: String
    let payPalClientSecret: SecretText
    let payPalWebhookID: String

    /// Takes the gateway's own from the environment, and makes those that are missing; of several the first is used.
    static func fromEnvironment() -> SimulatorSecrets {
        let environment = ProcessInfo.processInfo.environment
        let value = { (name: String, make: () -> String) in
            let known = environment[name].flatMap { $0.split(separator: ",").first }.map { $0.trimmingCharacters(in: .whitespaces) }
            return SecretText(known ?? make())
        }
        let bank = value("PROMPTPAY_WEBHOOK_SECRET") { Hexadecimal.encode(SecureRandom.bytes(32)) }
        let bankStyle: BankStyle
        var bankPath = ""
        switch environment["PROMPTPAY_BANK"] {
        case "scb":
            bankStyle = .scb
            if environment["PROMPTPAY_WEBHOOK_SECRET"]?.isEmpty == false { bankPath = "/" + bank.exposed }
        case "omise": bankStyle = .omise(secret: bank)
        default: bankStyle = .signed(secret: bank)
        }
        return SimulatorSecrets(
            stripe: value("STRIPE_WEBHOOK_SECRET") { "whsec_" + Hexadecimal.encode(SecureRandom.bytes(16)) },
            bank: bank,
            bankStyle: bankStyle,
            bankPath: bankPath,
            crypto: value("CRYPTO_WEBHOOK_SECRET") { Hexadecimal.encode(SecureRandom.bytes(32)) },
            orderCore: value("ORDER_CORE_WEBHOOK_SECRET") { "whsec_" + Base64.encode(SecureRandom.bytes(32)) },
            payPalClientID: environment["PAYPAL_CLIENT_ID"] ?? "simulated-client",
            payPalClientSecret: value("PAYPAL_CLIENT_SECRET") { Hexadecimal.encode(SecureRandom.bytes(16)) },
            payPalWebhookID: environment["PAYPAL_WEBHOOK_ID"] ?? "WH-SIMULATED"
        )
    }
}
