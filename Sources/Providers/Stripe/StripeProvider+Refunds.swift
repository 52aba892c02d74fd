import Payments
import StrictJSON

extension StripeProvider {
    private static let pagesMax = 10

    /// Gives money back.
    ///
    /// The same request is repeated while its key is good. After that, and after a stored answer of 5xx, the refund is looked for by our id
    /// among those of the payment; the list is complete at once, so one that is not there was never made.
    func give(_ refund: Refund, of charge: Charge, at now: Timestamp, _ send: ProviderSend) async -> ProviderOutcome {
        guard let reference = charge.providerReference, let request = requests.refund(refund, of: reference) else {
            return .refused(reason: StripeFailure.refundRefused(nil))
        }
        guard now.since(refund.createdAt) < StripeProvider.keyIsGood else {
            return await look(for: refund, of: charge, reference, at: now, send)
                ?? .refused(reason: StripeFailure.refundRefused(nil))
        }
        let reply = StripeReply(await send(request))
        switch reply {
        case .object(let object):
            guard let told = try? StripeRefund(object) else { return reply.uncertain }
            return .facts([told.fact(of: charge, at: told.created)])
        case .refused(let error):
            return .refused(reason: StripeFailure.refundRefused(error))
        case .unknown, .notDone:
            guard reply.isWorthLookingUp, case .facts(let facts)? = await look(for: refund, of: charge, reference, at: now, send) else {
                return reply.uncertain
            }
            return .facts(facts)
        }
    }

    /// Finds a refund of ours at Stripe; nil when it is certainly not there.
    private func look(
        for refund: Refund,
        of charge: Charge,
        _ reference: String,
        at now: Timestamp,
        _ send: ProviderSend
    ) async -> ProviderOutcome? {
        let (refunds, uncertain) = await refunds(of: reference, send)
        if let uncertain { return uncertain }
        guard let found = refunds.first(where: { $0.refundID == refund.id }) else { return nil }
        return .facts([found.fact(of: charge, at: found.created)])
    }

    /// All refunds of a payment, or why they could not be read.
    func refunds(of reference: String, _ send: ProviderSend) async -> ([StripeRefund], ProviderOutcome?) {
        var refunds: [StripeRefund] = []
        var last: String?
        for _ in 0..<StripeProvider.pagesMax {
            let reply = StripeReply(await send(requests.refunds(of: reference, after: last)))
            guard case .object(let page) = reply, let objects = page["data"]?.array else { return ([], reply.uncertain) }
            refunds += objects.compactMap { try? StripeRefund($0) }
            guard page["has_more"]?.bool == true, let id = objects.last?["id"]?.string else { return (refunds, nil) }
            last = id
        }
        return ([], .unknown(reason: "the payment has too many refunds", retryAfter: nil))
    }
}
