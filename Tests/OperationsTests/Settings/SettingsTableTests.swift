import Foundation
import Operations
import Testing

@Suite("Settings table")
struct SettingsTableTests {
    /// The promise to operators, written out by hand so that no name changes unnoticed.
    static let promised = [
        "HOST", "PORT", "DATABASE_URL", "DATABASE_POOL_MIN", "DATABASE_POOL_MAX", "TRUVAPAY_HOME", "TRUVAPAY_BOOTSTRAP_KEY",
        "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE",
        "PAYPAL_CLIENT_ID", "PAYPAL_CLIENT_SECRET", "PAYPAL_WEBHOOK_ID", "PAYPAL_API_BASE", "PAYPAL_WEBHOOK_CA_FILE",
        "PAYPAL_WEBHOOK_CERT_HOSTS", "PAYPAL_WEBHOOK_VERIFY_ONLINE", "PROMPTPAY_TARGET", "PROMPTPAY_BILLER_ID", "PROMPTPAY_MERCHANT_NAME",
        "PROMPTPAY_WEBHOOK_SECRET",
        "PROMPTPAY_BANK", "PROMPTPAY_API_BASE", "PROMPTPAY_API_KEY", "PROMPTPAY_API_SECRET",
        "CRYPTO_WEBHOOK_SECRET", "CRYPTO_API_BASE", "ORDER_CORE_WEBHOOK_URL", "ORDER_CORE_WEBHOOK_SECRET",
        "WITHDRAWAL_APPROVAL_LIMITS", "RATE_LIMIT_WINDOW_MS", "RATE_LIMIT_MAX_REQUESTS", "LOG_LEVEL", "LOG_FORMAT",
    ]

    @Test("the promised variables are declared, each once, and no others")
    func promisedVariables() {
        #expect(SettingsTable.all.map(\.name) == Self.promised)
    }

    @Test("what holds a password, a key or a signing secret is marked secret")
    func secrets() {
        let secret = SettingsTable.all.filter(\.isSecret).map(\.name)
        #expect(
            secret == [
                "DATABASE_URL", "TRUVAPAY_BOOTSTRAP_KEY", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "PAYPAL_CLIENT_SECRET",
                "PROMPTPAY_WEBHOOK_SECRET", "PROMPTPAY_API_KEY", "PROMPTPAY_API_SECRET", "CRYPTO_WEBHOOK_SECRET",
                "ORDER_CORE_WEBHOOK_SECRET",
            ]
        )
    }

    /// With `UPDATE_DOCUMENTS=1` the committed table is rewritten instead.
    @Test("docs/settings.md shows the table as it is declared")
    func committedTable() throws {
        let file = URL(filePath: #filePath).resolvingSymlinksInPath().appending(path: "../../../../docs/settings.md").standardized
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
        let first = try #require(lines.firstIndex { $0.hasPrefix("|") })
        let last = try #require(lines.lastIndex { $0.hasPrefix("|") })
        if ProcessInfo.processInfo.environment["UPDATE_DOCUMENTS"] == "1" {
            let updated = lines[..<first] + [Substring(Settings.markdownTable)] + lines[(last + 1)...]
            try updated.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
        } else {
            #expect(lines[first...last].joined(separator: "\n") == Settings.markdownTable, "run the tests once with UPDATE_DOCUMENTS=1")
        }
    }
}
