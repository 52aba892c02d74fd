package import Cryptography
package import Payments

/// Thai QR payments, confirmed by a bank.
package struct PromptPayProvider: InquiringProvider {
    package let name = ProviderName.promptPay
    package let profile: ProviderProfile
    let bank: any BankAdapter
    /// Who is paid by the QRs that we draw ourselves; nil where the bank makes them.
    let recipient: PromptPayRecipient?
    private let merchantName: String?

    /// How long after its end a charge waits for a bank that does not answer, before our clock alone ends it.
    private static let patience = Duration.seconds(120)

    /// Sets PromptPay up with one bank.
    package init(profile: ProviderProfile, recipient: PromptPayRecipient?, merchantName: String?, bank: PromptPayBank) {
        self.profile = profile
        self.recipient = recipient
        self.merchantName = merchantName
        let biller: String? = if case .biller(let id) = recipient { id } else { nil }
        switch bank {
        case .signed(let secrets): self.bank = SignedBank(secrets: secrets, ownBiller: biller)
        case .scb(let access): self.bank = SCBBank(access: access, billerID: biller ?? "")
        case .omise(let access): self.bank = OmiseBank(access: access)
        }
    }

    /// Sets PromptPay up with the generic signed confirmation.
    package init(profile: ProviderProfile, recipient: PromptPayRecipient, merchantName: String?, webhookSecrets: [SecretText]) {
        self.init(profile: profile, recipient: recipient, merchantName: merchantName, bank: .signed(secrets: webhookSecrets))
    }

    /// What the bank, or who collects through it, has to send.
    package var webhookEventTypes: [String] { [bank.eventType] }

    /// A bank that can be asked has the last word on what was paid in time.
    package var holdsPayments: Bool { bank.canBeAsked }

    /// Nobody else may have told us: the first look comes soon.
    package var firstLook: Duration? { bank.canBeAsked ? BankPolling.first : nil }

    /// Draws the QR, unless the bank does.
    package func begin(_ charge: Charge, random: inout any RandomNumberGenerator) -> ChargeBeginning {
        guard !bank.makesQR, let recipient else { return .call }
        let reference = PromptPayReference.make(random: &random)
        let kind: PaymentFact.Kind
        do throws(PromptPayError) {
            let payload = try payload(for: charge.order.amount, to: recipient, reference: reference)
            kind = .actionRequired(.displayQR(payload: payload.text, expiresAt: charge.order.expiresAt))
        } catch {
            kind = .attemptFailed(
                ChargeFailure(code: "provider_refused", message: error.description, providerCode: error.rawValue, isRetryable: false)
            )
        }
        return .immediate(
            PaymentFact(
                provider: name,
                subject: .charge(charge.id),
                kind: kind,
                occurredAt: charge.createdAt,
                providerReference: reference
            )
        )
    }

    private func payload(
        for amount: Amount,
        to recipient: PromptPayRecipient,
        reference: String
    ) throws(PromptPayError) -> PromptPayPayload {
        var labels = PromptPayLabels()
        labels.merchantName = merchantName
        // A credit transfer has no place for a reference that comes back; the label at least shows it on slips of some apps.
        if case .target = recipient { labels.reference = reference }
        return try PromptPayPayload(target: recipient.target(reference: reference), amount: PromptPayAmount(amount), labels: labels)
    }

    /// By the bank's own rules.
    package func verify(_ webhook: UnverifiedWebhook, at now: Timestamp) -> WebhookVerdict {
        do throws(WebhookRefusal) {
            return .verified(try bank.verify(webhook, at: now))
        } catch {
            return .refused(error)
        }
    }

    /// By the bank's own forms.
    package func interpret(_ webhook: VerifiedWebhook) throws(InterpretationError) -> Interpretation {
        try bank.interpret(webhook)
    }

    /// What the bank wants to hear.
    package func acknowledgement(of webhook: VerifiedWebhook) -> WebhookAcknowledgement {
        bank.acknowledgement(of: webhook)
    }

    /// Asks the bank.
    package func inquire(_ object: EventObject, for charge: Charge?, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome {
        await bank.inquire(object, at: now, send: send)
    }

    /// Asks the bank where it can be asked; our own clock ends a charge, and nothing is given back through a bank's QR.
    package func perform(_ operation: ProviderOperation, for charge: Charge, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome
    {
        switch operation {
        case .create: return await bank.create(charge, at: now, send: send)
        case .fetch: return await look(after: charge, at: now, send)
        case .expire: return await end(charge, .expired, occurredAt: charge.order.expiresAt ?? now, at: now, send)
        case .cancel: return await end(charge, .canceled, occurredAt: now, at: now, send)
        case .capture, .refund:
            return .refused(
                reason: ChargeFailure(
                    code: "provider_refused",
                    message: "A bank takes and gives back nothing on request.",
                    isRetryable: false
                )
            )
        }
    }

    /// Asks, and comes again while nothing was paid.
    private func look(after charge: Charge, at now: Timestamp, _ send: ProviderSend) async -> ProviderOutcome {
        guard bank.canBeAsked, charge.status.isOpen || charge.status == .expired else { return .facts([]) }
        let wait = BankPolling.wait(for: charge, at: now)
        guard charge.providerReference != nil else { return wait.map { .open(askAgainAfter: $0) } ?? .facts([]) }
        let outcome = await bank.payments(of: charge, at: now, send: send)
        guard case .facts(let facts) = outcome, facts.isEmpty, let wait else { return outcome }
        return .open(askAgainAfter: wait)
    }

    /// Asks a last time before a charge is closed; what was paid counts first.
    private func end(
        _ charge: Charge,
        _ kind: PaymentFact.Kind,
        occurredAt: Timestamp,
        at now: Timestamp,
        _ send: ProviderSend
    ) async -> ProviderOutcome {
        let ending = PaymentFact(provider: name, subject: .charge(charge.id), kind: kind, occurredAt: occurredAt)
        guard bank.canBeAsked, charge.providerReference != nil else { return .facts([ending]) }
        await bank.close(charge, at: now, send: send)
        let outcome = await bank.payments(of: charge, at: now, send: send)
        switch outcome {
        case .facts(let facts): return .facts(facts + [ending])
        default: return now.since(occurredAt) < PromptPayProvider.patience ? outcome : .facts([ending])
        }
    }
}
