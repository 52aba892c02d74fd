package import Payments

/// The providers that are set up, by name and by method.
package struct ProviderRegistry: Sendable {
    private let byName: [ProviderName: any PaymentProvider]
    private let byMethod: [ChargeMethod: any PaymentProvider]

    /// Registers providers; of two that offer one method, the first takes it.
    package init(_ providers: [any PaymentProvider]) {
        byName = Dictionary(providers.map { ($0.name, $0) }) { first, _ in first }
        let offers = providers.flatMap { provider in provider.profile.methods.keys.map { ($0, provider) } }
        byMethod = Dictionary(offers) { first, _ in first }
    }

    /// All that are set up.
    package var names: [ProviderName] { Array(byName.keys) }

    /// The provider of a name, when it is set up.
    package subscript(name: ProviderName) -> (any PaymentProvider)? { byName[name] }

    /// The provider that carries out a method, when one is set up.
    package func provider(for method: ChargeMethod) -> (any PaymentProvider)? { byMethod[method] }
}
