package import Storage

/// Lets webhooks at the door go before those that are stored already: providers wait for an answer, and give up on it.
///
/// A burst is stored as fast as the machine can, and worked off behind it. Under a load that never ends the inbox still moves: no batch
/// waits longer than a moment.
package struct IngressPrecedence: Sendable {
    private let ingress: Batcher<InboxEvent, Bool>

    /// So many at the door are a crowd; fewer are served beside the processing.
    private static let crowd = 8
    private static let look = Duration.milliseconds(10)
    private static let looksMax = 20

    /// Watches the writers of the inbox.
    package init(over ingress: Batcher<InboxEvent, Bool>) {
        self.ingress = ingress
    }

    /// Waits while there is a crowd at the door, but not for long.
    func give() async {
        for _ in 0..<IngressPrecedence.looksMax where ingress.waitingCount >= IngressPrecedence.crowd && !Shutdown.isRequested {
            await Shutdown.sleep(for: IngressPrecedence.look)
        }
    }
}
