import Cryptography
import HTTPTypes
import Payments
import Providers
import StrictJSON
import TestSupport

extension ConformanceSubject {
    /// Bitcoins for baht at the processor.
    static let crypto = ConformanceSubject(
        name: "crypto",
        provider: .crypto,
        simulator: "crypto",
        lacks: [
            .holds: "coins that were sent cannot be held for later",
            .refunds: "coins go back by hand, to an address that the customer names",
            .disputes: "nobody can take back what a chain has confirmed",
            .completion: "the payer's wallet sends the coins, and no call of ours",
            .singleCreation: "BTCPay Server knows no idempotency keys: a request that it carries out late makes a second invoice, unseen",
            .signatureTime: "BTCPay-Sig signs the body alone; a delivery that comes again is known by its id",
        ],
        members: #""method":"crypto","payment_details":{"asset":"BTC"}"#,
        currency: "THB",
        amount: "100.00",
        part: "60.00",
        rest: "40.00",
        orders: { $0.crypto("/_simulator/\($1)") },
        nextAction: "send_crypto",
        pay: { stage, charge in
            let transaction = try await stage.sendCoins(charge)
            try await stage.chain("confirm", ["tx": transaction, "n": 6])
        },
        declines: [
            Decline(
                name: "payment-method-unavailable",
                code: "provider_refused",
                providerCode: "payment-method-unavailable",
                isRetryable: false
            ) { stage, subject in
                try await subject.misbehave(stage, #"{"decline":"unavailable"}"#)
                let charge = try await subject.make(stage)
                try await subject.misbehave(stage, "{}")
                return charge
            }
        ],
        lostAnswers: lostAnswers,
        holdings: { stage in
            let invoices = try await stage.send(.get, stage.crypto("/_simulator/state")).json["invoices"]?.array ?? []
            return Holdings(payments: invoices.count, taken: invoices.count { $0["status"]?.string == "Settled" })
        },
        lives: cryptoLives,
        limits: Limits(
            least: "20.00",
            belowLeast: "19.99",
            most: "2000000.00",
            aboveMost: "2000000.01",
            tooPrecise: "20.001",
            foreignCurrency: "KWD",
            status: "requires_action"
        ),
        door: Door(
            secretsSetting: "CRYPTO_WEBHOOK_SECRET",
            secrets: ["crypto-old", "crypto-new", "crypto-other"],
            verifier: { secrets in
                let file = "providers/crypto/policy.yaml"
                return CryptoProvider(
                    profile: ProviderProfile(name: .crypto, methods: [:]),
                    policy: try ConfirmationsPolicy(yaml: String(decoding: Fixture.bytes(file), as: UTF8.self), file: file),
                    webhookSecrets: secrets.map { SecretText($0) },
                    apiBase: "http://processor.example/"
                )
            },
            signed: { body, secret, _ in
                let code = HMACSHA256.authenticationCode(for: body, key: Array(secret.utf8))
                return UnverifiedWebhook(headers: [.btcPaySignature: "sha256=" + Hexadecimal.encode(code)], body: body)
            },
            tolerance: nil,
            event: { Array(#"{"deliveryId":"\#($0)","type":"MadeUp","invoiceId":"inv1","timestamp":1795320000}"#.utf8) },
            vectors: cryptoVectors,
            vectorsLeast: 4
        )
    )

    private static func cryptoVectors() throws -> [Vector] {
        let file = try JSONValue.parse(Fixture.bytes("providers/crypto/signatures.json"), policy: .provider)
        // Where the processor's own answer is not known, nothing is expected.
        return (file["cases"]?.array ?? []).filter { $0["expect"]?.string != "accept_or_refuse" }.map { vector in
            var headers = HTTPFields()
            if let header = vector["header_value"]?.string { headers[.btcPaySignature] = header }
            return Vector(
                name: vector["id"]?.string ?? "",
                secrets: [vector["secret"]?.string ?? ""],
                webhook: UnverifiedWebhook(headers: headers, body: Array((vector["body"]?.string ?? "").utf8)),
                now: 0,
                isValid: vector["expect"]?.string == "accept"
            )
        }
    }
}
