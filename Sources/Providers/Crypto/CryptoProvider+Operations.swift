import HTTPTypes
package import Payments
import StrictJSON

extension CryptoProvider {
    /// How long an invoice with money on its way is left alone before it is looked at without a webhook.
    private static let confirmationPause = Duration.seconds(30)

    /// Creates, closes or looks up an invoice.
    package func perform(_ operation: ProviderOperation, for charge: Charge, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome
    {
        switch operation {
        case .create: await create(charge, at: now, send)
        case .expire: await expire(charge, at: now, send)
        case .fetch: await look(at: charge, now, send)
        case .cancel: await cancel(charge, at: now, send)
        case .capture, .refund: .refused(reason: CryptoProvider.notOffered)
        }
    }

    /// Looks at the invoice that a webhook points at; the processor may have invoices that are not ours.
    package func inquire(_ object: EventObject, for charge: Charge?, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome {
        let answer = await send(requests.fetch(object.id))
        if case .answered(404, _, _) = answer { return .refused(reason: CryptoProvider.refused("there is no such invoice")) }
        return outcome(of: answer) { document throws(InterpretationError) in
            let invoice = try CryptoInvoice(document.root)
            guard let charge else {
                guard ChargeID(invoice.orderID) != nil else { return .refused(reason: CryptoProvider.refused("the invoice is not ours")) }
                guard !invoice.payments.isEmpty else { return .facts([]) }
                return .unknown(reason: "the charge of the invoice is not known yet", retryAfter: nil)
            }
            let current = try checked(invoice, charge)
            // Where the processor is content with less than our policy, no webhook tells of the rest.
            if invoice.status == .settled, charge.paidBy == nil, charge.status == .processing, current.standing(at: now).status == .seen {
                return .unknown(reason: "a payment waits for confirmations", retryAfter: CryptoProvider.confirmationPause)
            }
            return .facts(try current.facts(at: now))
        }
    }

    /// An invoice may be there already, made by a request whose answer was lost; the first one made is the charge's.
    private func create(_ charge: Charge, at now: Timestamp, _ send: ProviderSend) async -> ProviderOutcome {
        guard charge.providerReference == nil else { return await look(at: charge, now, send) }
        switch await find(charge, send) {
        case .failure(let unclear): return unclear.outcome
        case .success(let invoice?): return facts(invoice, charge, at: now)
        case .success(nil): break
        }
        guard let coin = charge.order.coin, let expiresAt = charge.order.expiresAt,
            let confirmations = policy.confirmations(for: charge.order.amount, in: coin)
        else { return .facts([failed(charge, CryptoProvider.refused("no asset"))]) }
        // An invoice that is made now would be late before anybody sees it.
        guard now < expiresAt else {
            return .facts([PaymentFact(provider: name, subject: .charge(charge.id), kind: .expired, occurredAt: expiresAt)])
        }
        let request = requests.create(
            charge,
            coin: coin,
            expiresAt: expiresAt,
            confirmations: confirmations,
            monitoredFor: policy.monitoredFor
        )
        let answer = await send(request)
        if case .answered(let status, _, let body) = answer, status == 400 || status == 422 {
            let code = (try? JSONDocument(body, policy: .provider))?.root["code"]?.string
            return .facts([failed(charge, CryptoProvider.refused(code ?? "\(status)"))])
        }
        return outcome(of: answer) { document throws(InterpretationError) in
            .facts(try checked(try CryptoInvoice(document.root), charge).facts(at: now))
        }
    }

    /// Our clock has ended the charge; money that is on its way is waited for.
    private func expire(_ charge: Charge, at now: Timestamp, _ send: ProviderSend) async -> ProviderOutcome {
        switch await find(charge, send) {
        case .failure(let unclear): return unclear.outcome
        case .success(nil):
            let time = charge.order.expiresAt ?? now
            return .facts([PaymentFact(provider: name, subject: .charge(charge.id), kind: .expired, occurredAt: time)])
        case .success(let invoice?):
            do throws(InterpretationError) {
                let invoice = try checked(invoice, charge)
                if charge.status.isOpen, invoice.standing(at: now).status == .seen {
                    return .unknown(reason: "a payment waits for confirmations", retryAfter: CryptoProvider.confirmationPause)
                }
                return .facts(try invoice.facts(at: now))
            } catch {
                return .unknown(reason: error.description, retryAfter: nil)
            }
        }
    }

    /// Closes the invoice unless money has come to it; whoever pays after that pays into suspense.
    private func cancel(_ charge: Charge, at now: Timestamp, _ send: ProviderSend) async -> ProviderOutcome {
        switch await find(charge, send) {
        case .failure(let unclear): return unclear.outcome
        case .success(nil): break
        case .success(let invoice?):
            guard invoice.payments.allSatisfy(\.isDropped) else {
                return .refused(reason: CryptoProvider.refused("payment_under_way"))
            }
            switch await send(requests.invalidate(invoice.id)) {
            case .answered(200...299, _, _): break
            case .answered(let status, _, _): return .unknown(reason: "the processor answered \(status)", retryAfter: nil)
            case .notSent(let reason): return .notDone(reason: reason, retryAfter: nil)
            case .unknown(let reason): return .unknown(reason: reason, retryAfter: nil)
            }
        }
        return .facts([PaymentFact(provider: name, subject: .charge(charge.id), kind: .canceled, occurredAt: now)])
    }

    private func look(at charge: Charge, _ now: Timestamp, _ send: ProviderSend) async -> ProviderOutcome {
        switch await find(charge, send) {
        case .failure(let unclear): unclear.outcome
        case .success(nil): .unknown(reason: "no invoice found", retryAfter: nil)
        case .success(let invoice?): facts(invoice, charge, at: now)
        }
    }
}

extension CryptoProvider {
    /// Why it is not known whether there is an invoice.
    private struct Unclear: Error {
        let outcome: ProviderOutcome
    }

    /// The charge's invoice by its id, or by our own; nil when there is certainly none.
    private func find(_ charge: Charge, _ send: ProviderSend) async -> Result<CryptoInvoice?, Unclear> {
        var found: CryptoInvoice?
        let reference = charge.providerReference
        let request = reference.map { requests.fetch($0) } ?? requests.list(for: charge)
        let outcome = outcome(of: await send(request)) { document throws(InterpretationError) in
            if reference != nil {
                found = try CryptoInvoice(document.root)
            } else {
                guard let listed = document.root.array else { throw InterpretationError("the answer is no list") }
                var invoices: [CryptoInvoice] = []
                for element in listed { invoices.append(try CryptoInvoice(element)) }
                found = invoices.filter { $0.orderID == charge.id.description }
                    .min { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
            }
            return .facts([])
        }
        guard case .facts = outcome else { return .failure(Unclear(outcome: outcome)) }
        return .success(found)
    }

    private func facts(_ invoice: CryptoInvoice, _ charge: Charge, at now: Timestamp) -> ProviderOutcome {
        do throws(InterpretationError) {
            return .facts(try checked(invoice, charge).facts(at: now))
        } catch {
            return .unknown(reason: error.description, retryAfter: nil)
        }
    }

    private func checked(_ invoice: CryptoInvoice, _ charge: Charge) throws(InterpretationError) -> CheckedInvoice {
        try CheckedInvoice(invoice, for: charge, coins: coins, policy: policy)
    }

    /// An answer that is no invoice, or another than we asked for, is unknown: nothing follows, and people see the reason.
    private func outcome(
        of answer: ProviderAnswer,
        reading: (JSONDocument) throws(InterpretationError) -> ProviderOutcome
    ) -> ProviderOutcome {
        switch answer {
        case .notSent(let reason): return .notDone(reason: reason, retryAfter: nil)
        case .unknown(let reason): return .unknown(reason: reason, retryAfter: nil)
        case .answered(let status, let headers, let body):
            let retryAfter = headers[.retryAfter].flatMap { Int($0) }.map { Duration.seconds($0) }
            guard (200...299).contains(status) else {
                let reason = "the processor answered \(status)"
                return status == 429 ? .notDone(reason: reason, retryAfter: retryAfter) : .unknown(reason: reason, retryAfter: retryAfter)
            }
            guard let document = try? JSONDocument(body, policy: .provider) else {
                return .unknown(reason: "the answer is no JSON", retryAfter: nil)
            }
            do throws(InterpretationError) {
                return try reading(document)
            } catch {
                return .unknown(reason: error.description, retryAfter: nil)
            }
        }
    }

    private func failed(_ charge: Charge, _ failure: ChargeFailure) -> PaymentFact {
        PaymentFact(provider: name, subject: .charge(charge.id), kind: .attemptFailed(failure), occurredAt: charge.createdAt)
    }

    private static func refused(_ code: String) -> ChargeFailure {
        ChargeFailure(code: "provider_refused", message: "The payment could not be processed.", providerCode: code, isRetryable: false)
    }

    /// Coins go back by hand: exchanges send from addresses that are not the payer's, so the payer has to be asked for one.
    private static let notOffered = ChargeFailure(
        code: "not_supported",
        message: "Coins are sent back by hand, to an address that the customer names.",
        isRetryable: false
    )
}
