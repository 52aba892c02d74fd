import Cryptography
import HTTPTypes
import Payments
import StrictJSON
import TestSupport
import Testing
import Yams

@testable import Providers

@Suite("the crypto provider")
struct CryptoProviderTests {
    private static func signed(_ body: [UInt8], secret: String) -> HTTPFields {
        var headers = HTTPFields()
        headers[.btcPaySignature] = "sha256=" + Hexadecimal.encode(HMACSHA256.authenticationCode(for: body, key: Array(secret.utf8)))
        return headers
    }

    private static func hook(_ type: String, delivery: String = "d1", invoice: String = "inv1") -> [UInt8] {
        let body: JSONValue = ["deliveryId": .string(delivery), "type": .string(type), "invoiceId": .string(invoice)]
        return body.serialized()
    }

    private static func isVerified(_ verdict: WebhookVerdict) -> Bool {
        if case .verified = verdict { true } else { false }
    }

    @Test("either of two live secrets verifies; a third, a cut header, an absent one and a changed body do not")
    func rotation() {
        let provider = CryptoScene.provider(secrets: ["old", "new"])
        let body = Self.hook("InvoiceSettled")
        let now = Timestamp(seconds: 0)
        for secret in ["old", "new"] {
            #expect(Self.isVerified(provider.verify(UnverifiedWebhook(headers: Self.signed(body, secret: secret), body: body), at: now)))
        }
        #expect(!Self.isVerified(provider.verify(UnverifiedWebhook(headers: Self.signed(body, secret: "x"), body: body), at: now)))
        let good = Self.signed(body, secret: "new")[.btcPaySignature] ?? ""
        for length in 0..<good.count {
            var headers = HTTPFields()
            headers[.btcPaySignature] = String(good.prefix(length))
            #expect(!Self.isVerified(provider.verify(UnverifiedWebhook(headers: headers, body: body), at: now)), "\(length)")
        }
        for length in 0..<body.count {
            let webhook = UnverifiedWebhook(headers: Self.signed(body, secret: "new"), body: Array(body.prefix(length)))
            #expect(!Self.isVerified(provider.verify(webhook, at: now)))
        }
    }

    @Test("a delivery is known by its id, and its event only points at the invoice")
    func interpretation() throws {
        let provider = CryptoScene.provider()
        for (type, meaning) in CryptoEvents.table {
            let body = Self.hook(type, delivery: "d-\(type)")
            let headers = Self.signed(body, secret: "secret")
            guard case .verified(let webhook) = provider.verify(UnverifiedWebhook(headers: headers, body: body), at: Timestamp(seconds: 0))
            else {
                Issue.record("\(type) must verify")
                continue
            }
            #expect(webhook.eventID == "d-\(type)")
            switch try provider.interpret(webhook) {
            case .needsFetch(let object): #expect(meaning == .fetch && object.id == "inv1" && object.subject == .reference("inv1"))
            case .ignored: #expect(meaning == .kept)
            case .facts, .payoutChanged: Issue.record("a webhook is no fact")
            }
        }
        let unknown = VerifiedWebhook(verifiedBy: .crypto, eventID: "d", eventType: "PayoutCreated", body: Self.hook("PayoutCreated"))
        #expect(try provider.interpret(unknown) == .ignored(reason: "event type not known"))
        let evil = VerifiedWebhook(verifiedBy: .crypto, eventID: "d", eventType: "InvoiceSettled", body: Self.hook("", invoice: "../keys"))
        #expect(throws: InterpretationError.self) { try provider.interpret(evil) }
    }

    @Test("events.yaml is the table that the code runs")
    func eventsFile() throws {
        let file = try Yams.load(yaml: Fixture.text("providers/crypto/events.yaml")) as? [String: String]
        #expect(file == CryptoEvents.table.mapValues(\.rawValue))
        #expect(CryptoScene.provider().webhookEventTypes == file?.filter { $0.value == "fetch" }.keys.sorted())
    }

    @Test("every sample verifies, is read, and has a type of the table")
    func samples() throws {
        let provider = CryptoScene.provider()
        var types: Set<String> = []
        for file in try Fixture.files("providers/crypto/samples", suffix: ".json") {
            let body = try Fixture.bytes("providers/crypto/samples/\(file)")
            let webhook = UnverifiedWebhook(headers: Self.signed(body, secret: "secret"), body: body)
            guard case .verified(let verified) = provider.verify(webhook, at: Timestamp(seconds: 0)) else {
                Issue.record("\(file) must verify")
                continue
            }
            _ = try provider.interpret(verified)
            types.insert(verified.eventType)
        }
        #expect(types == Set(CryptoEvents.table.keys))
    }

    @Test(
        "an invoice that is not what we asked for is shown to nobody",
        arguments: [
            { $0.amount = "8.00" }, { $0.currency = "USD" }, { $0.orderID = "other" }, { $0.asset = "ETH" }, { $0.network = "bitcoin" },
            { $0.destination = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa" }, { $0.destination = "" }, { $0.due = "0.00002461" },
            { $0.due = "0.00002463" }, { $0.rate = "1.00" }, { $0.rate = nil },
            { $0.contract = "0xdAC17F958D2ee523a2206206994597C13D831ec7" },
            { $0.status = "Paid" }, { $0.reorganisations = -1 }, { $0.payments = [CryptoInvoiceText.Payment(id: "a+b")] },
            { $0.payments = [CryptoInvoiceText.Payment(value: "0.00000000")] },
            { $0.payments = [CryptoInvoiceText.Payment(confirmations: -1)] },
        ] as [@Sendable (inout CryptoInvoiceText) -> Void]
    )
    func hostileInvoices(change: @Sendable (inout CryptoInvoiceText) -> Void) {
        var text = CryptoInvoiceText()
        change(&text)
        #expect(throws: InterpretationError.self) {
            let invoice = try CryptoInvoice(JSONDocument(text.bytes, policy: .provider).root)
            _ = try CheckedInvoice(invoice, for: CryptoScene.charge(), coins: CryptoAsset.test, policy: CryptoScene.policy())
        }
    }

    @Test("an invoice cut at any byte, or changed at random, crashes nothing")
    func damagedInvoices() {
        let text = CryptoInvoiceText().with("Settled", [CryptoInvoiceText.Payment(confirmations: 2)])
        let bytes = text.bytes
        var random = SeededRandom.printed("invoices")
        let damaged =
            (0..<bytes.count).map { Array(bytes.prefix($0)) }
            + (0..<3000).map { _ in
                var copy = bytes
                copy[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 32...126, using: &random)
                return copy
            }
        for body in damaged {
            guard let document = try? JSONDocument(body, policy: .provider), let invoice = try? CryptoInvoice(document.root) else {
                continue
            }
            let checked = try? CheckedInvoice(invoice, for: CryptoScene.charge(), coins: CryptoAsset.test, policy: CryptoScene.policy())
            _ = try? checked?.facts(at: Timestamp(seconds: CryptoScene.created + 200))
        }
    }

    @Test("ether and its tokens are asked for by ERC-681, with the chain and the contract")
    func ethereum() throws {
        var text = CryptoInvoiceText()
        text.network = "sepolia"
        text.destination = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
        (text.asset, text.rate, text.due) = ("ETH", "98765.43", "0.000810000017212501")
        #expect(try Self.uri(text, .eth) == "ethereum:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed@11155111?value=810000017212501")
        let token = try #require(CryptoAsset.test.first { $0.asset == .usdt }?.contract)
        (text.asset, text.rate, text.due, text.contract) = ("USDT", "32.57", "2.456249", token)
        let expected = "ethereum:\(token)@11155111/transfer?address=0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed&uint256=2456249"
        #expect(try Self.uri(text, .usdt) == expected)
        #expect(try CryptoAddress(token, on: .sepolia).text == token)
        for coin in CryptoAsset.live {
            if let contract = coin.contract { #expect(try CryptoAddress(contract, on: coin.network).text == contract) }
        }
    }

    private static func uri(_ text: CryptoInvoiceText, _ coin: Asset) throws -> String? {
        let invoice = try CryptoInvoice(JSONDocument(text.bytes, policy: .provider).root)
        let charge = CryptoScene.charge(coin: coin)
        let checked = try CheckedInvoice(invoice, for: charge, coins: CryptoAsset.test, policy: CryptoScene.policy())
        guard case .sendCrypto(_, let uri, _, _) = checked.nextAction else { return nil }
        return uri
    }
}
