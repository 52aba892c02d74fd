import Cryptography
import Foundation

/// The settings of a demonstration: the caller's own, completed with those that lead to the simulators.
enum DemonstrationEnvironment {
    /// The environment of the gateway.
    static func complete(_ simulators: SimulatorSet, key: SecretText) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment
        let wanted = [
            "STRIPE_SECRET_KEY": "sk_test_simulated",
            "STRIPE_API_BASE": simulators.stripeURL,
            "STRIPE_WEBHOOK_SECRET": simulators.secrets.stripe.exposed,
            "PAYPAL_CLIENT_ID": simulators.secrets.payPalClientID,
            "PAYPAL_CLIENT_SECRET": simulators.secrets.payPalClientSecret.exposed,
            "PAYPAL_WEBHOOK_ID": simulators.secrets.payPalWebhookID,
            "PAYPAL_API_BASE": simulators.payPalURL,
            "PAYPAL_WEBHOOK_CA_FILE": simulators.payPal.authorityFile,
            "PAYPAL_WEBHOOK_CERT_HOSTS": simulators.payPalCertificateHost,
            "PROMPTPAY_WEBHOOK_SECRET": simulators.secrets.bank.exposed,
            "CRYPTO_API_BASE": simulators.cryptoURL,
            "CRYPTO_WEBHOOK_SECRET": simulators.secrets.crypto.exposed,
            "ORDER_CORE_WEBHOOK_URL": simulators.orderCoreURL,
            "ORDER_CORE_WEBHOOK_SECRET": simulators.secrets.orderCore.exposed,
            "TRUVAPAY_BOOTSTRAP_KEY": key.exposed,
            "LOG_LEVEL": "warning",
        ]
        for (name, value) in wanted where environment[name] == nil { environment[name] = value }
        if environment["PROMPTPAY_TARGET"] == nil, environment["PROMPTPAY_BILLER_ID"] == nil {
            environment["PROMPTPAY_BILLER_ID"] = "010556207402701"
        }
        return environment
    }

    /// Tells a person where everything is.
    static func describe(_ simulators: SimulatorSet, gateway: String, driver: DemonstrationDriver) {
        print(
            """
            gateway      \(gateway)         (contract: \(gateway)/openapi.yaml)
            API key      \(driver.key.exposed)
            Stripe       \(simulators.stripeURL)        (simulated)
            PayPal       \(simulators.payPalURL)        (simulated)
            bank         \(simulators.bankURL)        (simulated; open it to pay a QR)
            crypto       \(simulators.cryptoURL)        (simulated; no real coins)
            order core   \(simulators.orderCoreURL)        (sample)

            """
        )
    }
}
