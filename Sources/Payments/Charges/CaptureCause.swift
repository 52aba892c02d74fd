/// Names the ledger entry of a movement of money, so that every event that tells of it leads to the same entry.
package enum CaptureCause {
    /// The cause for `capture` received through `provider`, for example `stripe:pi_123:captured`.
    package static func of(_ capture: PaymentFact.Capture, through provider: ProviderName) -> EntryCause {
        EntryCause("\(provider.text):\(capture.transaction):captured")
    }
}
