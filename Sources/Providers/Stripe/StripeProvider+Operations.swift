import HTTPTypes
package import Payments
import StrictJSON

extension StripeProvider {
    /// Stripe keeps idempotency keys for at least 24 hours; after that the same request would be a new payment.
    private static let keyIsGood = Duration.seconds(23 * 3600)
    private static let pagesMax = 5

    /// Creates, closes or looks up a PaymentIntent.
    package func perform(_ operation: ProviderOperation, for charge: Charge, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome
    {
        switch operation {
        case .create: await create(charge, at: now, send)
        case .expire: await expire(charge, at: now, send)
        case .fetch: await lookUp(charge, at: now, send, orElse: .unknown(reason: "no payment intent found", retryAfter: nil))
        }
    }

    /// Repeats the same request while its key is good; an answer of 5xx would be replayed for ever, so then the payment is looked up.
    private func create(_ charge: Charge, at now: Timestamp, _ send: ProviderSend) async -> ProviderOutcome {
        let notFound = ProviderOutcome.unknown(reason: "no payment intent found", retryAfter: nil)
        guard charge.providerReference == nil, now.since(charge.createdAt) < StripeProvider.keyIsGood else {
            return await lookUp(charge, at: now, send, orElse: notFound)
        }
        guard let request = requests.create(charge) else { return .facts([failed(charge, StripeFailure.refused(nil))]) }
        let answer = await send(request)
        let outcome = outcome(of: answer, for: charge, at: now)
        guard case .unknown = outcome, case .answered = answer else { return outcome }
        return await lookUp(charge, at: now, send, orElse: outcome)
    }

    private func expire(_ charge: Charge, at now: Timestamp, _ send: ProviderSend) async -> ProviderOutcome {
        guard let reference = charge.providerReference else {
            return await lookUp(charge, at: now, send, orElse: .unknown(reason: "no payment intent found", retryAfter: nil))
        }
        let answer = await send(requests.cancel(reference, for: charge))
        // "Unexpected state" often means that it just succeeded: the intent itself says what is true.
        if case .answered(let status, _, _) = answer, status == 400 || status == 404 {
            return await lookUp(charge, at: now, send, orElse: .unknown(reason: "cancellation refused", retryAfter: nil))
        }
        return outcome(of: answer, for: charge, at: now)
    }

    /// Finds the PaymentIntent by its id, or by our id in the metadata of recent ones.
    private func lookUp(_ charge: Charge, at now: Timestamp, _ send: ProviderSend, orElse missing: ProviderOutcome) async -> ProviderOutcome
    {
        if let reference = charge.providerReference {
            return outcome(of: await send(requests.fetch(reference)), for: charge, at: now)
        }
        var last: String?
        for _ in 0..<StripeProvider.pagesMax {
            guard case .answered(200, _, let body) = await send(requests.list(since: charge.createdAt, after: last)),
                let page = try? JSONDocument(body, policy: .provider).root, let objects = page["data"]?.array
            else { return .unknown(reason: "the list could not be read", retryAfter: nil) }
            for object in objects {
                guard let intent = try? StripePaymentIntent(object), intent.chargeID == charge.id else { continue }
                return .facts([intent.standingFact(for: charge, asOf: now)])
            }
            guard page["has_more"]?.bool == true, let id = objects.last?["id"]?.string else { return missing }
            last = id
        }
        return missing
    }

    private func outcome(of answer: ProviderAnswer, for charge: Charge, at now: Timestamp) -> ProviderOutcome {
        switch answer {
        case .notSent(let reason): .notDone(reason: reason, retryAfter: nil)
        case .unknown(let reason): .unknown(reason: reason, retryAfter: nil)
        case .answered(let status, let headers, let body): outcome(status, headers, body, for: charge, at: now)
        }
    }

    /// docs.stripe.com/error-low-level: 2xx and 402 are definite, 4xx too but for 409, 424 and 429; 5xx is unknown.
    private func outcome(_ status: Int, _ headers: HTTPFields, _ body: [UInt8], for charge: Charge, at now: Timestamp) -> ProviderOutcome {
        let value = try? JSONDocument(body, policy: .provider).root
        let error = value?["error"]?.value
        let retryAfter = headers[.retryAfter].flatMap { Int($0) }.map { Duration.seconds(min(max($0, 0), 3600)) }
        switch status {
        case 200...299:
            guard let value, let intent = try? StripePaymentIntent(value) else {
                return .unknown(reason: "the answer is no payment intent", retryAfter: nil)
            }
            return .facts([intent.standingFact(for: charge, asOf: now)])
        case 401, 403: return .notDone(reason: "Stripe refuses the secret key (\(status))", retryAfter: .seconds(30))
        case 429: return .notDone(reason: "Stripe limits the rate", retryAfter: retryAfter)
        case 409, 424, 500...599: return .unknown(reason: "Stripe answered \(status)", retryAfter: retryAfter)
        case 402: return .facts([failed(charge, StripeFailure.failure(error), intent: error?["payment_intent"])])
        case 400...499:
            guard let error else { return .unknown(reason: "Stripe answered \(status) without an error", retryAfter: nil) }
            return .facts([failed(charge, failure(error), intent: error["payment_intent"])])
        default: return .unknown(reason: "Stripe answered \(status)", retryAfter: nil)
        }
    }

    /// localstripe calls a decline an invalid request, so the code counts and not the type.
    private func failure(_ error: JSONValue) -> ChargeFailure {
        error["decline_code"]?.string != nil || error["code"]?.string == "card_declined"
            ? StripeFailure.failure(error) : StripeFailure.refused(error)
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
