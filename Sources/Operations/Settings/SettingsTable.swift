import Cryptography
import Logging

/// Every environment variable the program reads; there is no other place that knows a variable's name.
package enum SettingsTable {
    static let host = Setting("HOST", "address the HTTP server listens on", default: "`127.0.0.1`", .hostName)
    static let port = Setting(
        "PORT",
        "port the HTTP server listens on; 0 takes a free one",
        default: "`3000`",
        .wholeNumber(in: 0...65_535)
    )

    static let databaseURL = Setting(
        "DATABASE_URL",
        "PostgreSQL, any libpq connection string, several hosts allowed",
        default: "unset: a private PostgreSQL under `TRUVAPAY_HOME` is started and stopped with the process",
        .connectionString
    )
    static let databasePoolMinimum = Setting(
        "DATABASE_POOL_MIN",
        "connections kept open",
        default: "`2`, or `DATABASE_POOL_MAX` where that is less",
        .wholeNumber(in: 0...1000)
    )
    static let databasePoolMaximum = Setting(
        "DATABASE_POOL_MAX",
        "connections opened at most",
        default: "`10`",
        .wholeNumber(in: 1...1000)
    )
    static let home = Setting(
        "TRUVAPAY_HOME",
        "folder of the private database and of generated secrets",
        default: "`./.truvapay`; `/var/lib/truvapay` when run as root",
        .path
    )
    static let bootstrapKey = Setting(
        "TRUVAPAY_BOOTSTRAP_KEY",
        "an API key that shall exist with every scope, for development and tests",
        .secret
    )

    static let stripeSecretKey = Setting(
        "STRIPE_SECRET_KEY",
        "Stripe's API key; needs `STRIPE_WEBHOOK_SECRET`",
        default: "unset: method disabled",
        .secret
    )
    static let stripeWebhookSecrets = Setting(
        "STRIPE_WEBHOOK_SECRET",
        "Stripe's signing secret; several by comma, for rotation",
        .secrets
    )
    static let stripeAPIBase = Setting("STRIPE_API_BASE", "root of Stripe's API", default: "`https://api.stripe.com`", .apiBase)

    static let payPalClientID = Setting(
        "PAYPAL_CLIENT_ID",
        "PayPal's client id; needs `PAYPAL_CLIENT_SECRET` and `PAYPAL_WEBHOOK_ID`",
        default: "unset: method disabled",
        .identifier
    )
    static let payPalClientSecret = Setting("PAYPAL_CLIENT_SECRET", "PayPal's client secret", .secret)
    static let payPalWebhookID = Setting(
        "PAYPAL_WEBHOOK_ID",
        "id of the webhook at PayPal, part of what PayPal signs",
        .identifier
    )
    static let payPalAPIBase = Setting("PAYPAL_API_BASE", "root of PayPal's API", default: "`https://api-m.paypal.com`", .apiBase)
    static let payPalWebhookAuthorityFile = Setting(
        "PAYPAL_WEBHOOK_CA_FILE",
        "extra trust root (PEM) for webhook certificates, for sandboxes and tests",
        .path
    )
    static let payPalWebhookCertificateHosts = Setting(
        "PAYPAL_WEBHOOK_CERT_HOSTS",
        "extra hosts that webhook certificates may come from, for sandboxes and tests",
        default: "unset: only PayPal's own hosts",
        .hostNames
    )
    static let payPalWebhookAsksAPI = Setting(
        "PAYPAL_WEBHOOK_VERIFY_ONLINE",
        "let PayPal's API judge webhooks whose certificate cannot be had: a call for each",
        default: "`false`",
        .flag
    )

    static let promptPayTarget = Setting(
        "PROMPTPAY_TARGET",
        "who is paid, written as `truvapay qr --target` takes it; for the bank `signed`",
        default: "unset: method disabled",
        .identifier
    )
    static let promptPayBillerID = Setting(
        "PROMPTPAY_BILLER_ID",
        "who is paid, as a biller; instead of `PROMPTPAY_TARGET`; for the banks `signed` and `scb`",
        default: "unset: method disabled",
        .digits(count: 15)
    )
    static let promptPayMerchantName = Setting(
        "PROMPTPAY_MERCHANT_NAME",
        "name shown on the QR (EMVCo tag 59)",
        .label(lengthMax: 25)
    )
    static let promptPayWebhookSecrets = Setting(
        "PROMPTPAY_WEBHOOK_SECRET",
        "secret of the bank's confirmations: an HMAC key (`signed`), base64 (`omise`) or the last part of the address (`scb`, optional); "
            + "several by comma, for rotation",
        .secrets
    )
    static let promptPayBank = Setting(
        "PROMPTPAY_BANK",
        "which bank confirms payments: `signed` is our own form, `scb` is asked about each, `omise` makes the QR too",
        default: "`signed`",
        .promptPayBank
    )
    static let promptPayAPIBase = Setting(
        "PROMPTPAY_API_BASE",
        "root of the bank's API; needed for `scb`",
        default: "unset; `https://api.omise.co` for `omise`",
        .apiBase
    )
    static let promptPayAPIKey = Setting("PROMPTPAY_API_KEY", "key of the bank's API; needed for `scb` and `omise`", .secret)
    static let promptPayAPISecret = Setting("PROMPTPAY_API_SECRET", "secret of the bank's API; needed for `scb`", .secret)

    static let cryptoWebhookSecrets = Setting(
        "CRYPTO_WEBHOOK_SECRET",
        "signing secret of the crypto processor; several by comma, for rotation",
        default: "unset: method disabled",
        .secrets
    )
    static let cryptoAPIBase = Setting(
        "CRYPTO_API_BASE",
        "root of the crypto processor's API; needs `CRYPTO_WEBHOOK_SECRET`",
        .apiBase
    )

    static let orderCoreURL = Setting(
        "ORDER_CORE_WEBHOOK_URL",
        "where notifications go; needs `ORDER_CORE_WEBHOOK_SECRET`",
        default: "unset: notifications wait",
        .endpoint
    )
    static let orderCoreSecrets = Setting(
        "ORDER_CORE_WEBHOOK_SECRET",
        "signs notifications (Standard Webhooks); several by space, for rotation",
        .standardWebhooksSecrets
    )

    static let withdrawalApprovalLimits = Setting(
        "WITHDRAWAL_APPROVAL_LIMITS",
        "up to these amounts a withdrawal needs no second person, by currency, as in `THB=1000.00,USD=30.00`",
        default: "unset: every withdrawal needs one",
        .amountsByCurrency
    )

    static let rateLimitWindow = Setting(
        "RATE_LIMIT_WINDOW_MS",
        "length of the rate limit's window in milliseconds, per API key",
        default: "`60000`",
        .wholeNumber(in: 1...86_400_000)
    )
    static let rateLimitMaximum = Setting(
        "RATE_LIMIT_MAX_REQUESTS",
        "requests allowed in a window, per API key",
        default: "unset: no limit",
        .wholeNumber(in: 1...1_000_000_000)
    )

    static let logLevel = Setting("LOG_LEVEL", "least severe level that is logged", default: "`info`", .logLevel)
    static let logFormat = Setting("LOG_FORMAT", "form of a log line", default: "`json`; `text` on a terminal", .logFormat)

    /// The declarations in the order in which they are documented and read.
    package static let all: [SettingDeclaration] = [
        host.declaration, port.declaration,
        databaseURL.declaration, databasePoolMinimum.declaration, databasePoolMaximum.declaration,
        home.declaration, bootstrapKey.declaration,
        stripeSecretKey.declaration, stripeWebhookSecrets.declaration, stripeAPIBase.declaration,
        payPalClientID.declaration, payPalClientSecret.declaration, payPalWebhookID.declaration, payPalAPIBase.declaration,
        payPalWebhookAuthorityFile.declaration, payPalWebhookCertificateHosts.declaration,
        payPalWebhookAsksAPI.declaration,
        promptPayTarget.declaration, promptPayBillerID.declaration, promptPayMerchantName.declaration, promptPayWebhookSecrets.declaration,
        promptPayBank.declaration, promptPayAPIBase.declaration, promptPayAPIKey.declaration, promptPayAPISecret.declaration,
        cryptoWebhookSecrets.declaration, cryptoAPIBase.declaration,
        orderCoreURL.declaration, orderCoreSecrets.declaration,
        withdrawalApprovalLimits.declaration,
        rateLimitWindow.declaration, rateLimitMaximum.declaration,
        logLevel.declaration, logFormat.declaration,
    ]
}
