package import Payments

/// A provider whose webhooks cannot always be judged by what this process knows already: PayPal's certificates have to be fetched.
///
/// Its `verify` answers `undecided` then, and the door takes the slower way.
package protocol NetworkVerification: PaymentProvider {
    /// Judges a webhook with the help of the network; never answers `undecided`.
    ///
    /// Called for few webhooks at a time. It shares what it fetches among them and remembers for a while what could not be had.
    func verify(_ webhook: UnverifiedWebhook, at now: Timestamp, network: VerificationNetwork) async -> WebhookVerdict
}

/// The ways out that a verification may take.
package struct VerificationNetwork: Sendable {
    /// For addresses that came with a webhook and were checked: GET, https, no redirects, little time, little data.
    package let certificates: ProviderSend
    /// For the provider's API.
    package let api: ProviderSend

    /// Names the ways.
    package init(certificates: @escaping ProviderSend, api: @escaping ProviderSend) {
        self.certificates = certificates
        self.api = api
    }
}
