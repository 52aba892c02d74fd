import HTTPTypes
import Payments
import StrictJSON

extension ConformanceSubject {
    /// Stripe's own PromptPay, which is taken where no bank of ours is set up.
    static let stripePromptPay = ConformanceSubject(
        name: "stripe, promptpay",
        provider: .stripe,
        simulator: "stripe",
        lacks: [
            .holds: "Stripe offers no manual capture for PromptPay",
            .disputes: "Stripe knows no disputes of PromptPay payments",
            .completion: "the payer's bank sends the money, and no call of ours",
            .door: "its webhooks come through the same door as those of cards",
            .inquiry: "Stripe's signature over the whole event is believed",
            .futureLimit: "Stripe's own libraries accept any time ahead, as the vector future_one_hour asks",
        ],
        settings: ["PROMPTPAY_BILLER_ID": "", "PROMPTPAY_WEBHOOK_SECRET": ""],
        members: #""method":"promptpay","metadata":{"email":"buyer@example.com"}"#,
        currency: "THB",
        amount: "100.00",
        part: "60.00",
        rest: "40.00",
        orders: { $0.stripe("/_simulator/\($1)") },
        nextAction: "display_qr",
        pay: { stage, charge in try await order(stage, "pay", #"{"payment_intent":"\#(charge["provider_reference"]?.string ?? "")"}"#) },
        takeRefund: { stage, refund in
            try await order(stage, "complete_refund", #"{"refund":"\#(refund["provider_reference"]?.string ?? "")"}"#)
        },
        declines: [
            Decline(name: "a QR that ran out", code: expired, providerCode: expired, isRetryable: true) { stage, subject in
                let charge = try await subject.make(stage)
                try await order(stage, "decline", #"{"payment_intent":"\#(charge["provider_reference"]?.string ?? "")"}"#)
                return charge
            }
        ],
        lostAnswers: lostAnswers,
        holdings: { stage in try await stripeHoldings(stage) },
        lives: [
            ConformanceLife(
                name: "a QR that is paid",
                live: { stage, charge in
                    let reference = charge["provider_reference"]?.string ?? ""
                    try await order(stage, "pay", #"{"payment_intent":"\#(reference)"}"#)
                    return [reference]
                },
                events: ["payment_intent.created", "payment_intent.requires_action", "payment_intent.succeeded"],
                owed: "100.00",
                told: ["charge.requires_action", "charge.succeeded"]
            )
        ],
        limits: Limits(
            least: "10.00",
            belowLeast: "9.99",
            most: "999999.99",
            aboveMost: "1000000.00",
            tooPrecise: "100.001",
            foreignCurrency: "USD",
            status: "requires_action"
        ),
        door: stripe.door
    )

    private static let expired = "payment_intent_payment_attempt_expired"

    private static func order(_ stage: Stage, _ name: String, _ body: String) async throws {
        let status = try await stage.control(stage.stripe("/_simulator/\(name)"), body).status
        guard status == 200 else { throw StageError("\(name) was answered \(status)") }
    }
}
