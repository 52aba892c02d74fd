import Payments

/// Lets webhooks at the door go before those that are stored already: providers wait for an answer, and give up on it.
///
/// While the processing keeps pace nobody waits for anybody. A burst, which is a crowd at the door and more stored than one goes through
/// in a moment, is stored as fast as the machine can and worked off behind it; meanwhile the inbox moves in batches so small that the door
/// hardly feels them. A load that lasts longer than a burst is shared fairly.
package struct IngressPrecedence: Sendable {
    private let ingress: Batcher<ReceivedEvent, Bool>
    private let fresh: FreshEvents
    private let now: @Sendable () -> Timestamp

    /// So many in a batch at the door, usually, are a crowd; fewer are served beside the processing.
    private static let crowd = 16
    /// After so long without a batch nobody is at the door.
    private static let calm = Duration.milliseconds(20)
    /// So many stored and not processed are a backlog.
    private static let backlog = 64
    /// For how long an event may wait so that others are stored.
    private static let burstMax = Duration.seconds(10)
    private static let look = Duration.milliseconds(5)
    private static let looksMax = 40
    private static let smallBatch = 32
    /// How many are processed in one go while somebody is at the door.
    private static let usualBatch = 128

    /// Watches the writers of the inbox and what they have handed over, by the clock that `surroundings` has.
    package init(over ingress: Batcher<ReceivedEvent, Bool>, fresh: FreshEvents, surroundings: Surroundings) {
        self.ingress = ingress
        self.fresh = fresh
        now = surroundings.now
    }

    private var isBurst: Bool {
        guard ingress.usualBatchSize(since: IngressPrecedence.calm) >= IngressPrecedence.crowd,
            fresh.count >= IngressPrecedence.backlog, let oldest = fresh.oldestReceivedAt
        else { return false }
        return now().since(oldest) < IngressPrecedence.burstMax
    }

    /// Waits while there is a burst, but not for long; returns how many events may be processed then.
    func give(_ limit: Int) async -> Int {
        for _ in 0..<IngressPrecedence.looksMax {
            guard isBurst, !Shutdown.isRequested else {
                let isCalm = ingress.usualBatchSize(since: IngressPrecedence.calm) == 0
                return isCalm ? limit : min(limit, IngressPrecedence.usualBatch)
            }
            await Shutdown.sleep(for: IngressPrecedence.look)
        }
        return min(limit, IngressPrecedence.smallBatch)
    }
}
