import StrictJSON

/// A bank's refusal.
struct StripeDecline: Sendable, Hashable {
    let code: String
    let declineCode: String?

    var json: JSONValue {
        .object(
            JSONObject([
                ("code", .string(code)), ("decline_code", declineCode.map { .string($0) } ?? .null),
                ("message", .string("Your card was declined.")), ("type", .string("card_error")),
            ])
        )
    }

    /// What the test payment methods stand for (docs.stripe.com/testing).
    static func of(paymentMethod: String) -> StripeDecline? {
        let suffix = "pm_card_visa_chargeDeclined"
        guard paymentMethod.hasPrefix(suffix) else { return nil }
        switch paymentMethod.dropFirst(suffix.count) {
        case "": return StripeDecline(code: "card_declined", declineCode: "generic_decline")
        case "InsufficientFunds": return StripeDecline(code: "card_declined", declineCode: "insufficient_funds")
        case "LostCard": return StripeDecline(code: "card_declined", declineCode: "lost_card")
        case "ExpiredCard": return StripeDecline(code: "expired_card", declineCode: nil)
        case "IncorrectCvc": return StripeDecline(code: "incorrect_cvc", declineCode: nil)
        case "ProcessingError": return StripeDecline(code: "processing_error", declineCode: nil)
        default: return StripeDecline(code: "card_declined", declineCode: "do_not_honor")
        }
    }
}
