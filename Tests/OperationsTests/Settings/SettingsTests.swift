import Cryptography
import Logging
import Operations
import Testing

/// Reads settings as production does, without a file system.
func settings(
    _ environment: [String: String],
    files: [String: String] = [:],
    isTerminal: Bool = false,
    isRoot: Bool = false
) throws(SettingsError) -> Settings {
    struct NoSuchFile: Error {}
    return try Settings.read(
        environment: environment,
        fileReader: { path in
            guard let content = files[path] else { throw NoSuchFile() }
            return content
        },
        isTerminal: isTerminal,
        isRoot: isRoot
    )
}

@Suite("Settings")
struct SettingsTests {
    @Test("an empty environment gives the documented defaults")
    func defaults() throws {
        let settings = try settings([:])
        #expect(settings.server.host == "127.0.0.1" && settings.server.port == 3000)
        #expect(settings.database.connectionString == nil)
        #expect(settings.database.poolMinimum == 2 && settings.database.poolMaximum == 10)
        #expect(settings.home == "./.truvapay")
        #expect(settings.bootstrapKey == nil)
        #expect(settings.stripe.secretKey == nil && settings.stripe.webhookSecrets.isEmpty)
        #expect(settings.stripe.apiBase == "https://api.stripe.com")
        #expect(settings.payPal.apiBase == "https://api-m.paypal.com")
        #expect(settings.promptPay.target == nil && settings.promptPay.billerID == nil)
        #expect(settings.crypto.apiBase == nil)
        #expect(settings.orderCore.url == nil)
        #expect(settings.withdrawals.approvalLimits.isEmpty)
        #expect(settings.rateLimit.window == .seconds(60) && settings.rateLimit.maximum == nil)
        #expect(settings.log.level == .info && settings.log.format == .json)
        #expect(settings.warnings.isEmpty)
    }

    @Test("a terminal changes the log format, and root the home, unless they are set")
    func surroundings() throws {
        #expect(try settings([:], isTerminal: true).log.format == .text)
        #expect(try settings(["LOG_FORMAT": "json"], isTerminal: true).log.format == .json)
        #expect(try settings([:], isRoot: true).home == "/var/lib/truvapay")
        #expect(try settings(["TRUVAPAY_HOME": "/srv/pay"], isRoot: true).home == "/srv/pay")
    }

    @Test("every variable reaches its place")
    func everyVariable() throws {
        let orderCoreSecret = "whsec_" + String(repeating: "QUJD", count: 8)
        let settings = try settings([
            "HOST": "::1", "PORT": "0", "DATABASE_URL": "host=a,b dbname=pay", "DATABASE_POOL_MIN": "3", "DATABASE_POOL_MAX": "4",
            "TRUVAPAY_BOOTSTRAP_KEY": "bootstrap", "STRIPE_SECRET_KEY": "sk", "STRIPE_WEBHOOK_SECRET": "new, old",
            "STRIPE_API_BASE": "http://localhost:8420/", "PAYPAL_CLIENT_ID": "client", "PAYPAL_CLIENT_SECRET": "word",
            "PAYPAL_WEBHOOK_ID": "WH-1", "PAYPAL_API_BASE": "https://API-M.sandbox.paypal.com", "PAYPAL_WEBHOOK_CA_FILE": "ca.pem",
            "PAYPAL_WEBHOOK_CERT_HOSTS": "localhost:8443,Certs.example", "PROMPTPAY_TARGET": "mobile:0812345678",
            "PROMPTPAY_MERCHANT_NAME": "TRUVA MATE", "PROMPTPAY_WEBHOOK_SECRET": "bank", "CRYPTO_WEBHOOK_SECRET": "chain",
            "CRYPTO_API_BASE": "https://crypto.example/v1", "ORDER_CORE_WEBHOOK_URL": "https://orders.example/hooks?tenant=1",
            "ORDER_CORE_WEBHOOK_SECRET": orderCoreSecret + " " + orderCoreSecret, "RATE_LIMIT_WINDOW_MS": "1500",
            "WITHDRAWAL_APPROVAL_LIMITS": "THB=1000.00,USD=30",
            "RATE_LIMIT_MAX_REQUESTS": "7", "LOG_LEVEL": "critical",
        ])
        #expect(settings.server.host == "::1" && settings.server.port == 0)
        #expect(settings.database.connectionString == SecretText("host=a,b dbname=pay"))
        #expect(settings.database.poolMinimum == 3 && settings.database.poolMaximum == 4)
        #expect(settings.bootstrapKey == SecretText("bootstrap"))
        #expect(settings.stripe.secretKey == SecretText("sk"))
        #expect(settings.stripe.webhookSecrets == [SecretText("new"), SecretText("old")])
        #expect(settings.stripe.apiBase == "http://localhost:8420")
        #expect(settings.payPal.clientID == "client" && settings.payPal.clientSecret == SecretText("word"))
        #expect(settings.payPal.webhookID == "WH-1" && settings.payPal.apiBase == "https://api-m.sandbox.paypal.com")
        #expect(settings.payPal.webhookAuthorityFile == "ca.pem")
        #expect(settings.payPal.webhookCertificateHosts == ["localhost:8443", "certs.example"])
        #expect(settings.promptPay.target == "mobile:0812345678" && settings.promptPay.merchantName == "TRUVA MATE")
        #expect(settings.promptPay.webhookSecrets == [SecretText("bank")])
        #expect(settings.crypto.webhookSecrets == [SecretText("chain")] && settings.crypto.apiBase == "https://crypto.example/v1")
        #expect(settings.orderCore.url == "https://orders.example/hooks?tenant=1")
        #expect(settings.orderCore.secrets == [SecretText(orderCoreSecret), SecretText(orderCoreSecret)])
        #expect(settings.rateLimit.window == .milliseconds(1500) && settings.rateLimit.maximum == 7)
        #expect(settings.withdrawals.approvalLimits == ["THB": "1000.00", "USD": "30"])
        #expect(settings.log.level == .critical)
    }

    @Test("an empty value counts as unset")
    func emptyValue() throws {
        #expect(try settings(["PORT": "", "STRIPE_SECRET_KEY": "", "PROMPTPAY_TARGET": ""]).server.port == 3000)
    }

    @Test("the pool's default minimum follows a smaller maximum")
    func poolDefaults() throws {
        #expect(try settings(["DATABASE_POOL_MAX": "1"]).database.poolMinimum == 1)
    }

    @Test("a described settings value shows no secret")
    func descriptionIsRedacted() throws {
        let canary = "canary-7f3a"
        let orderCoreKey = "whsec_Y2FuYXJ5LTdmM2FZMkZ1WVhKNUxUZG1NMkU="
        let settings = try settings([
            "DATABASE_URL": "postgresql://u:\(canary)@h/d", "TRUVAPAY_BOOTSTRAP_KEY": canary, "STRIPE_SECRET_KEY": canary,
            "STRIPE_WEBHOOK_SECRET": canary, "PAYPAL_CLIENT_ID": "id", "PAYPAL_CLIENT_SECRET": canary, "PAYPAL_WEBHOOK_ID": "WH",
            "PROMPTPAY_WEBHOOK_SECRET": canary, "CRYPTO_WEBHOOK_SECRET": canary, "ORDER_CORE_WEBHOOK_SECRET": orderCoreKey,
        ])
        var dumped = ""
        dump(settings, to: &dumped)
        for text in ["\(settings)", String(reflecting: settings), dumped] + settings.warnings {
            #expect(!text.contains(canary) && !text.contains(orderCoreKey), "\(text)")
        }
    }
}
