import Cryptography
import HTTPTypes
import Payments
import Providers
import StrictJSON
import TestSupport

extension ConformanceSubject {
    /// Cards at Stripe.
    static let stripe = ConformanceSubject(
        name: "stripe",
        provider: .stripe,
        simulator: "stripe",
        lacks: [
            .payerAction: "the card's token comes with the request; 3-D Secure is among the declines",
            .completion: "the request that makes the payment takes the money, too",
            .inquiry: "Stripe's signature over the whole event is believed",
            .futureLimit: "Stripe's own libraries accept any time ahead, as the vector future_one_hour asks",
        ],
        members: card("pm_card_visa"),
        currency: "THB",
        amount: "100.00",
        part: "60.00",
        rest: "40.00",
        orders: { $0.stripe("/_simulator/\($1)") },
        pay: { _, _ in },
        dispute: Dispute(
            open: { stage, charge in try await stage.dispute(charge) },
            conclude: { stage, dispute, isWon in
                let order = #"{"dispute":"\#(dispute)","status":"\#(isWon ? "won" : "lost")"}"#
                try await stage.control(stage.stripe("/_simulator/resolve_dispute"), order)
            },
            fees: "50.00",
            won: "50.00",
            lost: "-50.00"
        ),
        declines: stripeDeclines,
        lostAnswers: lostAnswers,
        holdings: { stage in try await stripeHoldings(stage) },
        lives: stripeLives,
        limits: Limits(
            least: "10.00",
            belowLeast: "9.99",
            most: "999999.99",
            aboveMost: "1000000.00",
            tooPrecise: "100.001",
            foreignCurrency: "KWD",
            status: "succeeded"
        ),
        door: Door(
            secretsSetting: "STRIPE_WEBHOOK_SECRET",
            secrets: ["whsec_old", "whsec_new", "whsec_other"],
            verifier: { secrets in
                StripeProvider(
                    profile: ProviderProfile(name: .stripe, methods: [:]),
                    secretKey: SecretText("sk_test_1"),
                    webhookSecrets: secrets.map { SecretText($0) },
                    apiBase: "http://127.0.0.1"
                )
            },
            signed: { timestamped($0, $1, $2, .stripeSignature) },
            tolerance: 300,
            event: {
                Array(#"{"id":"evt_\#($0)","object":"event","type":"made.up","created":1795320000,"data":{"object":{"id":"x"}}}"#.utf8)
            },
            vectors: stripeVectors,
            vectorsLeast: 31
        )
    )

    static func card(_ token: String) -> String {
        #""method":"card","payment_details":{"card_token":"\#(token)"},"return_url":"https://shop.example/back""#
    }

    /// The test payment methods of Stripe that are declined, and 3-D Secure that is not passed.
    private static let stripeDeclines: [Decline] = {
        let cards = [
            ("", "card_declined", "generic_decline", true), ("InsufficientFunds", "insufficient_funds", "insufficient_funds", true),
            ("LostCard", "card_declined", "lost_card", false), ("ExpiredCard", "expired_card", "expired_card", false),
            ("IncorrectCvc", "incorrect_cvc", "incorrect_cvc", true), ("ProcessingError", "processing_error", "processing_error", true),
            ("Other", "card_declined", "do_not_honor", true),
        ]
        let refused = cards.map { suffix, code, word, isRetryable in
            Decline(name: word, code: code, providerCode: word, isRetryable: isRetryable) { stage, subject in
                try await subject.make(stage, members: card("pm_card_visa_chargeDeclined" + suffix))
            }
        }
        let code = "payment_intent_authentication_failure"
        return refused + [
            Decline(name: "3-D Secure", code: code, providerCode: code, isRetryable: true) { stage, subject in
                let charge = try await subject.make(stage, members: card("pm_card_threeDSecure2Required"))
                _ = try await stage.send(.get, (charge["next_action"]?["url"]?.string ?? "") + "/fail")
                return charge
            }
        ]
    }()

    /// What Stripe's simulator holds, whatever the method.
    static func stripeHoldings(_ stage: Stage) async throws -> Holdings {
        let state = try await stage.send(.get, stage.stripe("/_simulator/state")).json
        return Holdings(
            payments: Int(state["payment_intents"]?.int64 ?? 0),
            taken: (state["captures_by_charge"]?.object?.members ?? []).reduce(0) { $0 + Int($1.value.int64 ?? 0) },
            returned: Int(state["refunds"]?.int64 ?? 0)
        )
    }

    private static func stripeVectors() throws -> [Vector] {
        let file = try JSONValue.parse(Fixture.bytes("providers/stripe/signatures.json"))
        return try ((file["cases"]?.array ?? []) + (file["divergent"]?.array ?? [])).compactMap { vector in
            let expected = vector["expected"]?.string
            guard vector["tolerance"]?.int64 == 300, expected == "valid" || expected == "invalid", let header = vector["header"] else {
                return nil
            }
            var headers = HTTPFields()
            if let header = header.string { headers[.stripeSignature] = header }
            return Vector(
                name: vector["name"]?.string ?? "",
                secrets: (vector["secrets"]?.array ?? []).compactMap(\.string),
                webhook: UnverifiedWebhook(headers: headers, body: try Base64.decode(vector["body_base64"]?.string ?? "")),
                now: vector["now"]?.int64 ?? 0,
                isValid: expected == "valid"
            )
        }
    }

    /// A signature of the form `t=…,v1=…`.
    static func timestamped(_ body: [UInt8], _ secret: String, _ time: Int64, _ name: HTTPField.Name) -> UnverifiedWebhook {
        let code = HMACSHA256.authenticationCode(for: Array("\(time).".utf8) + body, key: Array(secret.utf8))
        return UnverifiedWebhook(headers: [name: "t=\(time),v1=\(Hexadecimal.encode(code))"], body: body)
    }
}
