import HTTPTypes
import StrictJSON

extension ConformanceSubject {
    /// Lives of card payments.
    static let stripeLives = [
        ConformanceLife(
            name: "3-D Secure, then a part given back at Stripe's desk",
            members: card("pm_card_threeDSecure2Required"),
            live: { stage, charge in
                try await passThreeDSecure(stage, charge)
                try await refundAtDesk(stage, charge)
                return names(charge)
            },
            events: [
                "payment_intent.created", "payment_intent.requires_action", "payment_intent.succeeded", "refund.created", "charge.refunded",
            ],
            refunded: "60.00",
            owed: "40.00",
            told: ["charge.requires_action", "charge.succeeded", "refund.succeeded"]
        ),
        ConformanceLife(
            name: "a part given back for the order core, which comes back",
            live: { stage, charge in
                let path = "/v1/charges/\(charge["id"]?.string ?? "")/refunds"
                let refund = try await stage.post(path, #"{"amount":"60.00"}"#).json["provider_reference"]?.string ?? ""
                let status = try await stage.control(stage.stripe("/_simulator/fail_refund"), #"{"refund":"\#(refund)"}"#).status
                guard status == 200 else { throw StageError("the end of the refund was answered \(status)") }
                return names(charge)
            },
            events: ["payment_intent.created", "payment_intent.succeeded", "refund.created", "charge.refunded", "refund.failed"],
            owed: "100.00",
            told: ["charge.succeeded", "refund.succeeded", "refund.failed"]
        ),
        ConformanceLife(
            name: "disputed and lost",
            live: { stage, charge in
                try await resolve(stage, stage.dispute(charge), "lost")
                return names(charge)
            },
            events: [
                "payment_intent.created", "payment_intent.succeeded", "charge.dispute.created", "charge.dispute.funds_withdrawn",
                "charge.dispute.closed",
            ],
            owed: "0.00",
            told: ["charge.succeeded", "dispute.lost"],
            toldWhileOpen: disputeOpened
        ),
        ConformanceLife(
            name: "3-D Secure, fees, disputed and won, a part given back at Stripe's desk",
            members: card("pm_card_threeDSecure2Required"),
            prepare: { try await $0.control($0.stripe("/_simulator/settings"), #"{"fees":true}"#) },
            live: { stage, charge in
                try await passThreeDSecure(stage, charge)
                try await resolve(stage, stage.dispute(charge), "won")
                try await refundAtDesk(stage, charge)
                return names(charge)
            },
            events: [
                "payment_intent.created", "payment_intent.requires_action", "charge.succeeded", "payment_intent.succeeded",
                "charge.updated", "charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.dispute.closed",
                "charge.dispute.funds_reinstated", "refund.created", "charge.refunded",
            ],
            refunded: "60.00",
            owed: "40.00",
            told: ["charge.requires_action", "charge.succeeded", "refund.succeeded", "dispute.won"],
            toldWhileOpen: disputeOpened
        ),
    ]

    /// A dispute that is over before it was heard of is not told as opened.
    private static let disputeOpened = ConformanceLife.WhileOpen(
        type: "dispute.opened",
        open: ["charge.dispute.created", "charge.dispute.funds_withdrawn"],
        over: ["charge.dispute.closed", "charge.dispute.funds_reinstated"]
    )

    private static func names(_ charge: JSONValue) -> Set<String> {
        [charge["provider_reference"]?.string ?? ""]
    }

    private static func passThreeDSecure(_ stage: Stage, _ charge: JSONValue) async throws {
        let status = try await stage.send(.get, (charge["next_action"]?["url"]?.string ?? "") + "/complete").status
        guard status == 303 else { throw StageError("the bank's page answered \(status)") }
    }

    /// Somebody gives 60.00 back without asking the gateway.
    private static func refundAtDesk(_ stage: Stage, _ charge: JSONValue) async throws {
        let headers: HTTPFields = [.authorization: "Bearer sk_test_acceptance", .contentType: "application/x-www-form-urlencoded"]
        let form = "payment_intent=\(charge["provider_reference"]?.string ?? "")&amount=6000"
        let status = try await stage.send(.post, stage.stripe("/v1/refunds"), headers: headers, body: Array(form.utf8)).status
        guard status == 200 else { throw StageError("the refund was answered \(status)") }
    }

    private static func resolve(_ stage: Stage, _ dispute: String, _ outcome: String) async throws {
        let order = #"{"dispute":"\#(dispute)","status":"\#(outcome)"}"#
        let status = try await stage.control(stage.stripe("/_simulator/resolve_dispute"), order).status
        guard status == 200 else { throw StageError("the end of the dispute was answered \(status)") }
    }
}
