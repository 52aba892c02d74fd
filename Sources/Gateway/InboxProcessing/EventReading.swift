import Payments
package import Providers
import Storage

/// What a verified webhook says, and what becomes of its row for that.
package struct EventReading: Sendable {
    let facts: [PaymentFact]
    let status: InboxStatus
    let detail: String?

    /// Reads a webhook; nil for a provider that is not set up, whose events are kept for operators.
    package init(of webhook: VerifiedWebhook, by provider: (any PaymentProvider)?) {
        guard let provider else {
            self.init(facts: [], status: .failed, detail: "provider is not set up")
            return
        }
        do throws(InterpretationError) {
            switch try provider.interpret(webhook) {
            case .facts(let facts): self.init(facts: facts, status: .processed, detail: nil)
            case .ignored(let reason): self.init(facts: [], status: .ignored, detail: reason)
            }
        } catch {
            self.init(facts: [], status: .failed, detail: error.description)
        }
    }

    private init(facts: [PaymentFact], status: InboxStatus, detail: String?) {
        self.facts = facts
        self.status = status
        self.detail = detail
    }
}
