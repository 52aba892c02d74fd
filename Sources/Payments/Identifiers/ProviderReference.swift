/// A provider's name for something.
package struct ProviderReference: Sendable, Hashable {
    package let provider: ProviderName
    package let text: String

    /// Joins a name with whose it is.
    package init(_ provider: ProviderName, _ text: String) {
        self.provider = provider
        self.text = text
    }
}
