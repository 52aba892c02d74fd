/// Lets webhooks at the door go before those that are stored already: providers wait for an answer, and give up on it.
///
/// While the processing keeps pace nobody waits for anybody. Only when more has been stored than it takes in one go, and more comes all the
/// time, a burst is stored as fast as the machine can and worked off behind it; under a load that never ends the inbox still moves, in
/// batches so small that the door hardly feels them.
package struct IngressPrecedence: Sendable {
    private let ingress: Batcher<ReceivedEvent, Bool>
    private let fresh: FreshEvents

    /// So many at the door are a crowd; fewer are served beside the processing.
    private static let crowd = 4
    /// So many stored and not processed are a backlog.
    private static let backlog = 500
    private static let look = Duration.milliseconds(5)
    private static let looksMax = 40
    private static let smallBatch = 64

    /// Watches the writers of the inbox and what they have handed over.
    package init(over ingress: Batcher<ReceivedEvent, Bool>, fresh: FreshEvents) {
        self.ingress = ingress
        self.fresh = fresh
    }

    private var isBurst: Bool {
        fresh.count >= IngressPrecedence.backlog && ingress.waitingCount >= IngressPrecedence.crowd
    }

    /// Waits while there is a burst, but not for long; returns how many events may be processed then.
    func give(_ limit: Int) async -> Int {
        for _ in 0..<IngressPrecedence.looksMax {
            guard isBurst, !Shutdown.isRequested else { return limit }
            await Shutdown.sleep(for: IngressPrecedence.look)
        }
        return min(limit, IngressPrecedence.smallBatch)
    }
}
