import Operations
import Testing

@Suite("Settings errors")
struct SettingsErrorTests {
    private func refusal(_ environment: [String: String], files: [String: String] = [:]) -> SettingsError? {
        do {
            _ = try settings(environment, files: files)
            return nil
        } catch {
            return error
        }
    }

    static let malformed: [(String, String)] = [
        ("HOST", "no such host"), ("HOST", "-a"), ("HOST", "a..b"), ("HOST", "http://a"),
        ("PORT", "abc"), ("PORT", "-1"), ("PORT", "+80"), ("PORT", "65536"), ("PORT", " 80"), ("PORT", "80 "), ("PORT", "٨٠"),
        ("PORT", "1e3"),
        ("PORT", "99999999999999999999999"), ("PORT", "0x50"), ("PORT", "3000.0"), ("PORT", "30\u{0}00"),
        ("DATABASE_URL", "truvapay"), ("DATABASE_URL", "mysql://host/db"), ("DATABASE_URL", "host=a\nuser=b"),
        ("DATABASE_POOL_MIN", "-1"), ("DATABASE_POOL_MIN", "1001"), ("DATABASE_POOL_MAX", "0"), ("DATABASE_POOL_MAX", "ten"),
        ("TRUVAPAY_HOME", "a\nb"), ("TRUVAPAY_BOOTSTRAP_KEY", "two words"), ("TRUVAPAY_BOOTSTRAP_KEY", "clé"),
        ("STRIPE_SECRET_KEY", "sk test"), ("STRIPE_WEBHOOK_SECRET", ","), ("STRIPE_WEBHOOK_SECRET", "a,"),
        ("STRIPE_WEBHOOK_SECRET", "a,,b"),
        ("STRIPE_API_BASE", "api.stripe.com"), ("STRIPE_API_BASE", "ftp://api.stripe.com"), ("STRIPE_API_BASE", "https://"),
        ("STRIPE_API_BASE", "https://user@api.stripe.com"), ("STRIPE_API_BASE", "https://api.stripe.com?x=1"),
        ("STRIPE_API_BASE", "https://api.stripe.com#x"), ("STRIPE_API_BASE", "https://api.stripe.com:0"),
        ("STRIPE_API_BASE", "https://api.stripe.com:"), ("STRIPE_API_BASE", "https://api.stripe.com:65536"),
        ("STRIPE_API_BASE", "https:///path"), ("STRIPE_API_BASE", "https://a b"), ("STRIPE_API_BASE", "https://[::1"),
        ("STRIPE_API_BASE", "https://[host]"), ("STRIPE_API_BASE", "https://a\\@b"), ("STRIPE_API_BASE", "https://ex\u{E4}mple.com"),
        ("PAYPAL_CLIENT_ID", "a b"), ("PAYPAL_WEBHOOK_ID", "\u{1B}[31m"), ("PAYPAL_API_BASE", "x"), ("PAYPAL_CLIENT_SECRET", "é"),
        ("PAYPAL_WEBHOOK_VERIFY_ONLINE", "yes"), ("PAYPAL_WEBHOOK_CERT_HOSTS", "https://a"), ("PAYPAL_WEBHOOK_CERT_HOSTS", "a,,b"),
        ("PAYPAL_WEBHOOK_CERT_HOSTS", "a:"),
        ("PROMPTPAY_TARGET", "mobile: 08"), ("PROMPTPAY_BILLER_ID", "1234"), ("PROMPTPAY_BILLER_ID", "12345678901234x"),
        ("PROMPTPAY_MERCHANT_NAME", "a name of twenty-six chars"), ("PROMPTPAY_MERCHANT_NAME", "ร้าน"), ("PROMPTPAY_WEBHOOK_SECRET", "a,"),
        ("PROMPTPAY_BANK", "SCB"), ("PROMPTPAY_BANK", "kbank"), ("PROMPTPAY_API_BASE", "api.partners.scb"), ("PROMPTPAY_API_KEY", "a b"),
        ("PROMPTPAY_API_SECRET", "é"),
        ("CRYPTO_WEBHOOK_SECRET", "a b"), ("CRYPTO_API_BASE", "//a"),
        ("ORDER_CORE_WEBHOOK_URL", "orders"), ("ORDER_CORE_WEBHOOK_URL", "https://u:p@orders.example/"),
        ("ORDER_CORE_WEBHOOK_SECRET", "secret"), ("ORDER_CORE_WEBHOOK_SECRET", "whsec_"), ("ORDER_CORE_WEBHOOK_SECRET", "whsec_QUJD"),
        ("ORDER_CORE_WEBHOOK_SECRET", "whsec_not*base64*not*base64*not*base64="), ("ORDER_CORE_WEBHOOK_SECRET", " "),
        ("WITHDRAWAL_APPROVAL_LIMITS", "1000.00"), ("WITHDRAWAL_APPROVAL_LIMITS", "THB=1,THB=2"), ("WITHDRAWAL_APPROVAL_LIMITS", "THB=-1"),
        ("WITHDRAWAL_APPROVAL_LIMITS", "THB=1,"), ("WITHDRAWAL_APPROVAL_LIMITS", "THB=1=2"), ("WITHDRAWAL_APPROVAL_LIMITS", "THB="),
        ("RATE_LIMIT_WINDOW_MS", "0"), ("RATE_LIMIT_WINDOW_MS", "1s"), ("RATE_LIMIT_MAX_REQUESTS", "0"), ("RATE_LIMIT_MAX_REQUESTS", "-5"),
        ("LOG_LEVEL", "verbose"), ("LOG_LEVEL", "INFO"), ("LOG_FORMAT", "xml"),
    ]

    @Test("a malformed value is one line that names the variable and what is expected", arguments: malformed)
    func malformedValue(name: String, value: String) throws {
        let error = try #require(refusal([name: value]))
        let declaration = try #require(SettingsTable.all.first { $0.name == name })
        #expect(error.code == .malformed)
        #expect(error.variable == name)
        #expect(error.description.hasPrefix(name + " "))
        #expect(error.description.contains(declaration.expectation))
        #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F })
    }

    @Test("every variable with a form refuses something", arguments: SettingsTable.all.map(\.name))
    func everyVariableIsTried(name: String) {
        #expect(Self.malformed.contains { $0.0 == name } || name == "PAYPAL_WEBHOOK_CA_FILE")
    }

    @Test("a secret's malformed value is never shown, another's is")
    func secretsAreNotShown() throws {
        for declaration in SettingsTable.all where declaration.isSecret {
            let error = try #require(refusal([declaration.name: "canary\u{7}"]), "\(declaration.name)")
            #expect(!error.description.contains("canary"))
        }
        #expect(try #require(refusal(["PORT": "canary"])).description.contains("\"canary\""))
    }

    static let incomplete: [([String: String], String)] = [
        (["STRIPE_SECRET_KEY": "sk"], "STRIPE_WEBHOOK_SECRET"),
        (["PAYPAL_CLIENT_ID": "a", "PAYPAL_WEBHOOK_ID": "w"], "PAYPAL_CLIENT_SECRET"),
        (["PAYPAL_CLIENT_SECRET": "a", "PAYPAL_WEBHOOK_ID": "w"], "PAYPAL_CLIENT_ID"),
        (["PAYPAL_CLIENT_ID": "a", "PAYPAL_CLIENT_SECRET": "a"], "PAYPAL_WEBHOOK_ID"),
        (["PROMPTPAY_TARGET": "mobile:0812345678"], "PROMPTPAY_WEBHOOK_SECRET"),
        (["PROMPTPAY_BILLER_ID": "099400016550100"], "PROMPTPAY_WEBHOOK_SECRET"),
        (["CRYPTO_API_BASE": "https://crypto.example"], "CRYPTO_WEBHOOK_SECRET"),
        (["ORDER_CORE_WEBHOOK_URL": "https://orders.example"], "ORDER_CORE_WEBHOOK_SECRET"),
    ]

    @Test("a half-configured method is refused by the name of what is missing", arguments: incomplete)
    func incompleteGroup(environment: [String: String], missing: String) throws {
        let error = try #require(refusal(environment))
        #expect(error.code == .missing)
        #expect(error.variable == missing)
        #expect(environment.keys.contains { error.description.contains($0 + " needs it") })
    }

    @Test("values that contradict each other are refused")
    func contradictions() throws {
        let both = ["PROMPTPAY_TARGET": "t", "PROMPTPAY_BILLER_ID": "099400016550100", "PROMPTPAY_WEBHOOK_SECRET": "s"]
        #expect(refusal(both)?.code == .contradiction)
        #expect(refusal(["DATABASE_POOL_MIN": "5", "DATABASE_POOL_MAX": "4"])?.code == .contradiction)
        #expect(refusal(["DATABASE_POOL_MIN": "4", "DATABASE_POOL_MAX": "4"]) == nil)
    }
}
