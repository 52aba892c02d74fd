import Cryptography
import HTTPTypes
import Payments
import Providers
import StrictJSON

extension ConformanceSubject {
    /// PayPal, whose own key signs: what can be tried with a signature is in the suite that holds its test authority.
    static let payPal = ConformanceSubject(
        name: "paypal",
        provider: .payPal,
        simulator: "paypal",
        lacks: [
            .sharedSecret: "PayPal's own key signs: what can be tried with one is in the suite that holds its test authority",
            .signatureTime: "nobody is told to judge the time that PayPal signs; a delivery that comes again is known by its id",
            .vectors: "its vectors need certificates, which the suite of its signatures has",
        ],
        members: #""method":"paypal","return_url":"https://shop.example/back""#,
        currency: "USD",
        amount: "100.00",
        part: "60.00",
        rest: "40.00",
        orders: { $0.payPal("/_simulator/\($1)") },
        nextAction: "redirect",
        pay: { stage, charge in try await stage.approvePayPal(charge) },
        dispute: Dispute(
            open: { stage, charge in
                let order = #"{"custom_id":"\#(charge["id"]?.string ?? "")"}"#
                let dispute = try await stage.payPalOrder("disputes", order)["dispute_id"]?.string ?? ""
                let claim = #"{"reverses":true,"fee":{"currency_code":"USD","value":"20.00"}}"#
                try await stage.payPalOrder("disputes/\(dispute)/escalate", claim)
                return dispute
            },
            conclude: { stage, dispute, isWon in
                let outcome = isWon ? "RESOLVED_SELLER_FAVOUR" : "RESOLVED_BUYER_FAVOUR"
                try await stage.payPalOrder("disputes/\(dispute)/resolve", #"{"outcome":"\#(outcome)"}"#)
            },
            fees: "24.40",
            won: "75.60",
            lost: "-24.40"
        ),
        declines: [
            ("DECLINED", true), ("FAILED", true), ("TRANSACTION_REFUSED", true), ("COMPLIANCE_VIOLATION", false),
            ("PAYER_ACCOUNT_RESTRICTED", false),
        ].map { word, isRetryable in
            Decline(name: word, code: "payment_declined", providerCode: word, isRetryable: isRetryable) { stage, subject in
                try await stage.payPalOrder("next", #"{"captures":["\#(word)"]}"#)
                let charge = try await subject.make(stage)
                try await stage.approvePayPal(charge)
                return charge
            }
        },
        lostAnswers: lostAnswers,
        holdings: { stage in
            Holdings(
                payments: try await stage.payPalObjects("orders").count,
                taken: try await stage.payPalObjects("captures").count,
                returned: try await stage.payPalObjects("refunds").count
            )
        },
        lives: payPalLives,
        limits: Limits(
            least: "0.01",
            belowLeast: "0.00",
            most: "10000.00",
            aboveMost: "10000.01",
            tooPrecise: "1.001",
            foreignCurrency: "KWD",
            status: "requires_action"
        ),
        door: Door(
            secretsSetting: nil,
            secrets: [],
            verifier: { _ in
                PayPalProvider(
                    profile: ProviderProfile(name: .payPal, methods: [:]),
                    access: PayPalAccess(
                        clientID: "client",
                        clientSecret: SecretText("secret"),
                        webhookID: "WH-1",
                        apiBase: "https://api.test",
                        certificateHosts: [],
                        asksAPI: false
                    ),
                    trust: TrustStore(roots: [], includesSystem: false)
                )
            },
            signed: nil,
            tolerance: nil,
            delivered: { stage, body in UnverifiedWebhook(headers: try await stage.payPalHeaders(for: body), body: body) },
            unreadHeaders: [payPalVersion],
            forgedValues: [
                payPalAlgorithm: "SHA1withRSA",
                // Any other certificate of PayPal's own would be as good.
                payPalCertificate: "https://evil.example/v1/notifications/certs/CERT-simulated",
            ],
            event: { Array(#"{"id":"WH-\#($0)","event_type":"MADE.UP","resource":{"id":"1"}}"#.utf8) },
            vectors: { [] }
        )
    )

    private static let payPalVersion = headerName("PayPal-Auth-Version")
    private static let payPalAlgorithm = headerName("PayPal-Auth-Algo")
    private static let payPalCertificate = headerName("PayPal-Cert-Url")

    private static func headerName(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no header") }
        return name
    }
}
