import Payments
package import Providers
import Storage

/// A charge as a provider names it, of which that provider has to be asked.
struct FetchSubject: Sendable, Hashable {
    let provider: ProviderName
    let subject: PaymentFact.Subject
}

/// What a verified webhook says, and what becomes of its row for that.
package struct EventReading: Sendable {
    let facts: [PaymentFact]
    /// The charge that has to be looked up where the provider's events tell enough to find it.
    let fetched: FetchSubject?
    let status: InboxStatus
    let detail: String?
    /// What the provider has to be asked for; the facts come from its answer.
    let inquiry: EventObject?
    /// The withdrawal of which the provider has to be asked.
    let withdrawal: WithdrawalID?

    /// Reads a webhook; nil for a provider that is not set up, whose events are kept for operators.
    package init(of webhook: VerifiedWebhook, by provider: (any PaymentProvider)?) {
        guard let provider else {
            self.init(facts: [], status: .failed, detail: "provider is not set up")
            return
        }
        do throws(InterpretationError) {
            switch try provider.interpret(webhook) {
            case .facts(let facts): self.init(facts: facts, status: .processed, detail: nil)
            case .needsFetch(let object) where provider is any InquiringProvider:
                self.init(facts: [], status: .processed, detail: nil, inquiry: object)
            case .needsFetch(let object):
                self.init(
                    facts: [],
                    fetched: FetchSubject(provider: webhook.provider, subject: object.subject),
                    status: .processed,
                    detail: "the provider is asked"
                )
            case .payoutChanged(let id): self.init(facts: [], status: .processed, detail: "the payout is looked up", withdrawal: id)
            case .ignored(let reason): self.init(facts: [], status: .ignored, detail: reason)
            }
        } catch {
            self.init(facts: [], status: .failed, detail: error.description)
        }
    }

    private init(
        facts: [PaymentFact],
        fetched: FetchSubject? = nil,
        status: InboxStatus,
        detail: String?,
        inquiry: EventObject? = nil,
        withdrawal: WithdrawalID? = nil
    ) {
        self.facts = facts
        self.fetched = fetched
        self.status = status
        self.detail = detail
        self.inquiry = inquiry
        self.withdrawal = withdrawal
    }
}
