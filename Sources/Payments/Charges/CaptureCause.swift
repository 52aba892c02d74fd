/// Names the ledger entry of a movement of money, so that every event that tells of it leads to the same entry.
package enum CaptureCause {
    /// The cause for `capture` received through `provider`, for example `stripe:pi_123:captured`.
    ///
    /// Of several payments with coins the first one names the entry, for a list of many would be too long.
    package static func of(_ capture: PaymentFact.Capture, through provider: ProviderName) -> EntryCause {
        EntryCause("\(provider.text):\(capture.coins?.payments.first?.transaction ?? capture.transaction):captured")
    }

    /// The cause beside which a reorganisation is booked.
    package static func of(_ change: PaymentFact.Reorganisation, through provider: ProviderName) -> EntryCause {
        EntryCause("\(provider.text):\(change.transaction):\(change.isRestored ? "restored" : "reorganised")")
    }

    /// The causes under which coins of this fact may have been booked, one for each payment and for each part of a reorganisation.
    package static func candidates(of fact: PaymentFact) -> [EntryCause] {
        switch fact.kind {
        case .captured(let capture):
            (capture.coins?.payments ?? []).map { of(PaymentFact.Capture($0), through: fact.provider) }
        case .reorganised(let change): CoinRules.causes(beside: of(change, through: fact.provider))
        default: []
        }
    }
}
