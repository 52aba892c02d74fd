package import Logging
package import Storage

/// Ties the ledger's chains together every second while something is posted, so that one digest stands for the whole book.
package struct ChainAnchoring: Sendable {
    private let ledger: Ledger
    private let surroundings: Surroundings
    private let logger: Logger

    private static let interval = Duration.seconds(1)

    /// Anchors the chains of `ledger`.
    package init(ledger: Ledger, surroundings: Surroundings, logger: Logger) {
        self.ledger = ledger
        self.surroundings = surroundings
        self.logger = logger
    }

    /// Works until shutdown, and once more after it: whoever posts stops before.
    package func run() async {
        var anchors = JournalAnchors(ledger: ledger)
        while !Shutdown.isRequested {
            await advance(&anchors)
            await Shutdown.sleep(for: ChainAnchoring.interval)
        }
        await advance(&anchors)
    }

    private func advance(_ anchors: inout JournalAnchors) async {
        do {
            _ = try await anchors.advance(at: surroundings.now())
        } catch {
            logger.warning("the ledger's chains could not be anchored", metadata: ["error": "\(error)"])
        }
    }
}
