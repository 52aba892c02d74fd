import Payments
import Synchronization

/// Lets webhooks at the door go before those that are stored already: providers wait for an answer, and give up on it.
///
/// While the door answers quickly nobody waits for anybody. When it does not, a burst is on: it is stored as fast as the machine can and
/// worked off behind it, while the inbox moves in batches so small that the door hardly feels them. The burst is over when the door answers
/// at once again although nothing holds it up, or when nobody comes; a load that lasts longer than a burst is shared fairly.
package final class IngressPrecedence: Sendable {
    private let ingress: Batcher<ReceivedEvent, Bool>
    private let fresh: FreshEvents
    private let now: @Sendable () -> Timestamp
    private let isBurst = Atomic(false)

    // A door that takes longer is crowded, and one that takes less while the processing rests is not. Between the two lies what a crowd
    // waits while the door has the machine for itself.
    private static let slow = Duration.milliseconds(10)
    private static let quick = Duration.milliseconds(3)
    /// After so long without an answer nobody is at the door.
    private static let calm = Duration.milliseconds(20)
    /// For how long an event may wait so that others are stored.
    private static let burstMax = Duration.seconds(10)
    private static let look = Duration.milliseconds(5)
    private static let looksMax = 20
    private static let smallBatch = 48
    /// How many are processed in one go while somebody is at the door.
    private static let usualBatch = 128

    /// Watches the writers of the inbox and what they have handed over, by the clock that `surroundings` has.
    package init(over ingress: Batcher<ReceivedEvent, Bool>, fresh: FreshEvents, surroundings: Surroundings) {
        self.ingress = ingress
        self.fresh = fresh
        now = surroundings.now
    }

    /// Waits while there is a burst, but not for long; returns how many events may be processed then.
    func give(_ limit: Int) async -> Int {
        for _ in 0..<IngressPrecedence.looksMax {
            let wait = ingress.usualWait(within: IngressPrecedence.calm)
            let mayRest = fresh.oldestReceivedAt.map { now().since($0) < IngressPrecedence.burstMax } ?? false
            if wait >= IngressPrecedence.slow { isBurst.store(true, ordering: .relaxed) }
            if wait <= IngressPrecedence.quick || !mayRest { isBurst.store(false, ordering: .relaxed) }
            guard isBurst.load(ordering: .relaxed), !Shutdown.isRequested else {
                return wait == .zero ? limit : min(limit, IngressPrecedence.usualBatch)
            }
            await Shutdown.sleep(for: IngressPrecedence.look)
        }
        return min(limit, IngressPrecedence.smallBatch)
    }
}
