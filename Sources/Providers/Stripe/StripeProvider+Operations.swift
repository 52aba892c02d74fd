import HTTPTypes
package import Payments
import StrictJSON

extension StripeProvider {
    /// Stripe keeps idempotency keys for at least 24 hours; after that the same request would be a new payment.
    static let keyIsGood = Duration.seconds(23 * 3600)
    private static let pagesMax = 5

    /// Creates, captures, closes, refunds or looks up a PaymentIntent.
    package func perform(_ operation: ProviderOperation, for charge: Charge, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome
    {
        switch operation {
        case .create: await create(charge, at: now, send)
        case .expire: await close(charge, .abandoned, at: now, send)
        case .cancel: await close(charge, .requestedByCustomer, at: now, send)
        case .fetch: await fetch(charge, at: now, send)
        case .capture(let amount): await capture(amount, of: charge, at: now, send)
        case .refund(let refund): await give(refund, of: charge, at: now, send)
        }
    }

    /// Repeats the same request while its key is good; an answer of 5xx would be replayed for ever, so then the payment is looked up.
    private func create(_ charge: Charge, at now: Timestamp, _ send: ProviderSend) async -> ProviderOutcome {
        guard charge.providerReference == nil, now.since(charge.createdAt) < StripeProvider.keyIsGood else {
            return await standing(of: charge, at: now, send)
        }
        guard let request = requests.create(charge) else { return .facts([failed(charge, StripeFailure.refused(nil))]) }
        let reply = StripeReply(await send(request))
        switch reply {
        case .object(let object):
            guard let intent = try? StripePaymentIntent(object) else { return reply.uncertain }
            return .facts(intent.standingFacts(for: charge, asOf: now))
        case .refused(let error):
            return .facts([failed(charge, failure(error), intent: error["payment_intent"])])
        case .unknown, .notDone:
            guard reply.isWorthLookingUp, case .facts(let facts) = await standing(of: charge, at: now, send) else { return reply.uncertain }
            return .facts(facts)
        }
    }

    /// Closes a payment.
    ///
    /// "Unexpected state" often means that it just succeeded: the intent itself says what is true.
    private func close(
        _ charge: Charge,
        _ reason: StripeRequests.CancellationReason,
        at now: Timestamp,
        _ send: ProviderSend
    ) async -> ProviderOutcome {
        let reference: String
        if let known = charge.providerReference {
            reference = known
        } else {
            switch await find(charge, send) {
            case .found(let intent): reference = intent.id
            case .missing: return .unknown(reason: "no payment intent found", retryAfter: nil)
            case .uncertain(let outcome): return outcome
            }
        }
        let reply = StripeReply(await send(requests.cancel(reference, reason, for: charge)))
        return await outcome(of: reply, reference, for: charge, at: now, send) { error in
            // Ours must end when its time is over, so that is asked again; a caller is told that it cannot be had now.
            reason == .abandoned
                ? .unknown(reason: "cancellation refused", retryAfter: nil) : .refused(reason: StripeFailure.refused(error))
        }
    }

    /// Takes what is held; a second capture is refused by Stripe.
    private func capture(_ amount: Amount, of charge: Charge, at now: Timestamp, _ send: ProviderSend) async -> ProviderOutcome {
        guard let reference = charge.providerReference, let request = requests.capture(reference, amount, for: charge) else {
            return .refused(reason: StripeFailure.refused(nil))
        }
        let reply = StripeReply(await send(request))
        return await outcome(of: reply, reference, for: charge, at: now, send) { .refused(reason: StripeFailure.refused($0)) }
    }

    /// What became of a request to end a payment: whatever is not certain, a refusal included, is read from the intent itself.
    private func outcome(
        of reply: StripeReply,
        _ reference: String,
        for charge: Charge,
        at now: Timestamp,
        _ send: ProviderSend,
        refusal: (JSONValue) -> ProviderOutcome
    ) async -> ProviderOutcome {
        switch reply {
        case .object(let object):
            guard let intent = try? StripePaymentIntent(object) else { return reply.uncertain }
            return .facts(intent.standingFacts(for: charge, asOf: now))
        case .refused(let error):
            let outcome = await standing(of: charge, reference, at: now, send)
            guard case .facts(let facts) = outcome, !facts.contains(where: \.isEnd) else { return outcome }
            return refusal(error)
        case .unknown, .notDone:
            guard reply.isWorthLookingUp, case .facts(let facts) = await standing(of: charge, reference, at: now, send),
                facts.contains(where: \.isEnd)
            else { return reply.uncertain }
            return .facts(facts)
        }
    }

    // MARK: Looking up

    /// Where a charge's PaymentIntent was looked for.
    private enum Search {
        case found(StripePaymentIntent)
        case missing
        case uncertain(ProviderOutcome)
    }

    /// What the PaymentIntent says about the charge now.
    private func standing(of charge: Charge, at now: Timestamp, _ send: ProviderSend) async -> ProviderOutcome {
        switch await find(charge, send) {
        case .found(let intent): .facts(intent.standingFacts(for: charge, asOf: now))
        case .missing: .unknown(reason: "no payment intent found", retryAfter: nil)
        case .uncertain(let outcome): outcome
        }
    }

    private func standing(of charge: Charge, _ reference: String, at now: Timestamp, _ send: ProviderSend) async -> ProviderOutcome {
        let reply = StripeReply(await send(requests.fetch(reference)))
        guard case .object(let object) = reply, let intent = try? StripePaymentIntent(object) else { return reply.uncertain }
        return .facts(intent.standingFacts(for: charge, asOf: now))
    }

    /// What the PaymentIntent and what belongs to it say now: its fee, and the refunds if there are any.
    private func fetch(_ charge: Charge, at now: Timestamp, _ send: ProviderSend) async -> ProviderOutcome {
        let intent: StripePaymentIntent
        switch await find(charge, send) {
        case .found(let found): intent = found
        case .missing: return .unknown(reason: "no payment intent found", retryAfter: nil)
        case .uncertain(let outcome): return outcome
        }
        let facts = intent.standingFacts(for: charge, asOf: now)
        guard intent.hasRefunds else { return .facts(facts) }
        let (refunds, uncertain) = await refunds(of: intent.id, send)
        if let uncertain { return uncertain }
        return .facts(facts + refunds.map { $0.fact(of: charge, at: $0.created) })
    }

    /// Finds the PaymentIntent by its id, or by our id in the metadata of recent ones.
    private func find(_ charge: Charge, _ send: ProviderSend) async -> Search {
        if let reference = charge.providerReference {
            let reply = StripeReply(await send(requests.fetch(reference)))
            guard case .object(let object) = reply, let intent = try? StripePaymentIntent(object) else {
                return .uncertain(reply.uncertain)
            }
            return .found(intent)
        }
        var last: String?
        for _ in 0..<StripeProvider.pagesMax {
            guard case .object(let page) = StripeReply(await send(requests.list(since: charge.createdAt, after: last))),
                let objects = page["data"]?.array
            else { return .uncertain(.unknown(reason: "the list could not be read", retryAfter: nil)) }
            for object in objects {
                guard let intent = try? StripePaymentIntent(object), intent.chargeID == charge.id else { continue }
                return .found(intent)
            }
            guard page["has_more"]?.bool == true, let id = objects.last?["id"]?.string else { return .missing }
            last = id
        }
        return .missing
    }

    // MARK: Failures

    /// localstripe calls a decline an invalid request, so the code counts and not the type.
    private func failure(_ error: JSONValue) -> ChargeFailure {
        let isDecline =
            error["type"]?.string == "card_error" || error["decline_code"]?.string != nil || error["code"]?.string == "card_declined"
        return isDecline ? StripeFailure.failure(error) : StripeFailure.refused(error)
    }

    private func failed(_ charge: Charge, _ failure: ChargeFailure, intent: JSONValue? = nil) -> PaymentFact {
        PaymentFact(
            provider: name,
            subject: .charge(charge.id),
            kind: .attemptFailed(failure),
            occurredAt: charge.createdAt,
            providerReference: intent?["id"]?.string
        )
    }
}

extension PaymentFact {
    /// Whether the fact ends what a capture or a cancellation is about.
    fileprivate var isEnd: Bool {
        switch kind {
        case .captured, .canceled, .expired: true
        default: false
        }
    }
}
