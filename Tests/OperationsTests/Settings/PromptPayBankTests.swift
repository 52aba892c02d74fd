import Cryptography
import Operations
import Testing

@Suite("Settings of PromptPay's banks")
struct PromptPayBankTests {
    private static let biller = ["PROMPTPAY_BILLER_ID": "010556207402701"]
    private static let scb = biller.merging(
        [
            "PROMPTPAY_BANK": "scb", "PROMPTPAY_API_BASE": "https://scb.example/partners/", "PROMPTPAY_API_KEY": "key",
            "PROMPTPAY_API_SECRET": "secret",
        ]
    ) { _, new in new }
    private static let omise = ["PROMPTPAY_BANK": "omise", "PROMPTPAY_API_KEY": "skey", "PROMPTPAY_WEBHOOK_SECRET": "c2VjcmV0"]

    @Test("each bank has what it needs")
    func complete() throws {
        let signed = try settings(Self.biller.merging(["PROMPTPAY_WEBHOOK_SECRET": "s"]) { _, new in new }).promptPay
        #expect(signed.bank == .signed && signed.apiKey == nil)
        let scb = try settings(Self.scb).promptPay
        #expect(scb.bank == .scb && scb.apiBase == "https://scb.example/partners" && scb.webhookSecrets.isEmpty)
        #expect(scb.apiKey == SecretText("key") && scb.apiSecret == SecretText("secret"))
        let omise = try settings(Self.omise).promptPay
        #expect(omise.bank == .omise && omise.billerID == nil && omise.webhookSecrets == [SecretText("c2VjcmV0")])
    }

    @Test("what a bank lacks is named, and so is a bank that is not known")
    func incomplete() {
        let needed = ["PROMPTPAY_BILLER_ID", "PROMPTPAY_API_BASE", "PROMPTPAY_API_KEY", "PROMPTPAY_API_SECRET"]
        for name in needed { expect(Self.scb.filter { $0.key != name }, names: name) }
        for name in ["PROMPTPAY_API_KEY", "PROMPTPAY_WEBHOOK_SECRET"] { expect(Self.omise.filter { $0.key != name }, names: name) }
        expect(Self.biller, names: "PROMPTPAY_WEBHOOK_SECRET")
        expect(["PROMPTPAY_BANK": "kbank"], names: "PROMPTPAY_BANK")
    }

    private func expect(_ environment: [String: String], names name: String) {
        let error = #expect(throws: SettingsError.self) { try settings(environment) }
        #expect(error?.description.contains(name) == true, "\(environment)")
    }
}
