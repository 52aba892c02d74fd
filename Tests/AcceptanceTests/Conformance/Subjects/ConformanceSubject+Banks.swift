import Cryptography
import HTTPTypes
import Payments
import Providers
import StrictJSON
import TestSupport

extension ConformanceSubject {
    /// PromptPay with a bank that signs its confirmations as our interface asks.
    static let signedBank = bank(
        "promptpay, a bank that signs",
        lacks: [.inquiry: "the bank's signature is believed, and it has no API"],
        settings: [:],
        door: Door(
            secretsSetting: "PROMPTPAY_WEBHOOK_SECRET",
            secrets: ["bank-old", "bank-new", "bank-other"],
            verifier: { secrets in promptPay(.signed(secrets: secrets.map { SecretText($0) })) },
            signed: { timestamped($0, $1, $2, .bankSignature) },
            tolerance: 300,
            event: confirmation,
            vectors: signedVectors,
            vectorsLeast: 16
        )
    )

    /// PromptPay with SCB, which signs nothing: a secret address lets deliveries in, and the bank's own answer moves money.
    static let scb = bank(
        "promptpay, SCB",
        lacks: [
            .signatureTime: "SCB signs nothing; its own answer moves money",
            .vectors: "there is no signature that a vector could hold",
        ],
        settings: Stage.scb,
        door: Door(
            secretsSetting: "PROMPTPAY_WEBHOOK_SECRET",
            secrets: ["address-old", "address-new", "address-other"],
            verifier: { secrets in
                let key = SecretText("key")
                return promptPay(
                    .scb(
                        SCBAccess(apiBase: "https://scb.example", apiKey: key, apiSecret: key, pathSecrets: secrets.map { SecretText($0) })
                    )
                )
            },
            signed: { body, secret, _ in UnverifiedWebhook(headers: [:], body: body, pathSecret: secret) },
            tolerance: nil,
            event: confirmation,
            vectors: { [] }
        )
    )

    /// What a transfer between bank accounts lacks.
    private static let transferLacks: [Feature: String] = [
        .holds: "a bank transfer takes money at once or not at all",
        .refunds: "no bank gives money back through a QR",
        .disputes: "a payer's money is final at a bank",
        .completion: "the payer's bank sends the money, and no call of ours",
    ]

    private static let bankLacks: [Feature: String] = [
        .declines: "a transfer that the payer's bank declines is told to nobody",
        .creation: "the QR is made here, and no bank is asked",
        .eventTypes: "a confirmation is always of a payment and names no type",
    ]

    private static func bank(_ name: String, lacks: [Feature: String] = [:], settings: [String: String], door: Door)
        -> ConformanceSubject
    {
        ConformanceSubject(
            name: name,
            provider: .promptPay,
            simulator: "promptpay",
            lacks: transferLacks.merging(bankLacks) { own, _ in own }.merging(lacks) { own, _ in own },
            settings: settings,
            members: #""method":"promptpay""#,
            currency: "THB",
            amount: "100.00",
            part: "60.00",
            rest: "40.00",
            orders: { $0.bank("/_simulator/\($1)") },
            nextAction: "display_qr",
            pay: { stage, charge in try await stage.pay(charge) },
            holdings: { stage in
                let transfers = try await stage.send(.get, stage.bank("/transactions")).json.array?.count ?? 0
                return Holdings(payments: transfers, taken: transfers)
            },
            lives: bankLives,
            limits: promptPayLimits,
            door: door
        )
    }

    private static let promptPayLimits = Limits(
        least: "0.01",
        belowLeast: "0.00",
        most: "2000000.00",
        aboveMost: "2000000.01",
        tooPrecise: "1.001",
        foreignCurrency: "USD",
        status: "requires_action"
    )

    /// PromptPay with QRs of Omise's, which signs and is asked again.
    static let omise = ConformanceSubject(
        name: "promptpay, Omise",
        provider: .promptPay,
        simulator: "promptpay",
        lacks: transferLacks.merging(
            [
                .singleCreation:
                    "Omise is given no idempotency key: a QR whose answer was lost is made again, and nobody has seen the first",
                .severalEvents: "a charge at Omise ends once, and charge.complete is all that is ever told of it",
            ]
        ) { own, _ in own },
        settings: Stage.omise,
        members: #""method":"promptpay""#,
        currency: "THB",
        amount: "100.00",
        part: "60.00",
        rest: "40.00",
        orders: { $0.bank("/_simulator/\($1)") },
        nextAction: "redirect",
        pay: { stage, charge in try await settleAtOmise(stage, charge) },
        declines: [
            Decline(name: "payment_rejected", code: "payment_failed", providerCode: "payment_rejected", isRetryable: true) {
                stage,
                subject in
                let charge = try await subject.make(stage)
                try await settleAtOmise(stage, charge, #","status":"failed""#)
                return charge
            }
        ],
        lostAnswers: lostAnswers,
        holdings: { stage in
            let state = try await stage.send(.get, stage.bank("/_simulator/state")).json
            return Holdings(payments: Int(state["charges"]?.int64 ?? 0), taken: Int(state["paid"]?.int64 ?? 0))
        },
        lives: [],
        limits: promptPayLimits,
        door: Door(
            secretsSetting: "PROMPTPAY_WEBHOOK_SECRET",
            secrets: ["b21pc2Utb2xk", "b21pc2UtbmV3", "b21pc2Utb3RoZXI="],
            verifier: { secrets in
                promptPay(
                    .omise(
                        OmiseAccess(
                            apiBase: "https://omise.example",
                            secretKey: SecretText("skey_test_1"),
                            webhookSecrets: secrets.map { SecretText($0) }
                        )
                    )
                )
            },
            signed: { body, secret, time in
                let key = (try? Base64.decode(secret)) ?? []
                let code = HMACSHA256.authenticationCode(for: Array("\(time).".utf8) + body, key: key)
                return UnverifiedWebhook(
                    headers: [.omiseSignature: Hexadecimal.encode(code), .omiseTimestamp: "\(time)"],
                    body: body
                )
            },
            tolerance: 300,
            event: { Array(#"{"object":"event","id":"evnt_\#($0)","key":"made.up","created_at":"2026-11-23T00:00:00Z","data":{}}"#.utf8) },
            vectors: omiseVectors,
            vectorsLeast: 17
        )
    )

    private static func settleAtOmise(_ stage: Stage, _ charge: JSONValue, _ extra: String = "") async throws {
        let order = #"{"charge":"\#(charge["provider_reference"]?.string ?? "")"\#(extra)}"#
        guard try await stage.control(stage.bank("/pay"), order).status == 200 else { throw StageError("the charge could not be settled") }
    }

    private static func promptPay(_ bank: PromptPayBank) -> PromptPayProvider {
        PromptPayProvider(
            profile: ProviderProfile(name: .promptPay, methods: [:]),
            recipient: try? PromptPayRecipient(billerID: "010556207402701"),
            merchantName: nil,
            bank: bank
        )
    }

    private static let confirmation: @Sendable (String) -> [UInt8] = { name in
        Array(Stage.confirmation(reference: "NOBODY", amount: "1.00", transaction: name).utf8)
    }

    private static func vectors(_ kind: String, _ headers: (JSONValue) -> HTTPFields) throws -> [Vector] {
        let file = try JSONValue.parse(Fixture.bytes("providers/promptpay/signatures.json"))
        return (file[kind]?.array ?? []).map { vector in
            Vector(
                name: vector["name"]?.string ?? "",
                secrets: (vector["secrets"]?.array ?? []).compactMap(\.string),
                webhook: UnverifiedWebhook(headers: headers(vector), body: Array((vector["body"]?.string ?? "").utf8)),
                now: vector["now"]?.int64 ?? 0,
                isValid: vector["expected"]?.string == "valid"
            )
        }
    }

    private static func signedVectors() throws -> [Vector] {
        try vectors("cases") { vector in
            var headers = HTTPFields()
            if let header = vector["header"]?.string { headers[.bankSignature] = header }
            return headers
        }
    }

    private static func omiseVectors() throws -> [Vector] {
        try vectors("omise") { vector in
            var headers = HTTPFields()
            if let text = vector["signature"]?.string, !text.isEmpty { headers[.omiseSignature] = text }
            if let text = vector["timestamp"]?.string, !text.isEmpty { headers[.omiseTimestamp] = text }
            return headers
        }
    }
}
