import Payments
import Synchronization

/// The chains that this process adds seals to: one for each commit that is under way at the same time, so no writer waits for another.
///
/// A chain is lent for one commit. After the commit its end is given back; a chain whose commit failed, or whose outcome is unknown, is
/// not used again, and the next writer begins a new one.
package final class SealChains: Sendable {
    private struct State {
        var idle: [SealChain] = []
        var anchorDigest = SealChain.nothing
    }

    private let state = Mutex(State())

    /// Anchors look back over chains no older than this and some, so a chain ends in time.
    static let lifetime = Duration.seconds(24 * 3600)

    /// Makes a set without chains.
    package init() {}

    /// Lends a chain, or begins one after the newest anchor.
    func lend() -> SealChain {
        state.withLock { state in
            while let chain = state.idle.popLast() {
                if chain.began.duration(to: .now) < SealChains.lifetime { return chain }
            }
            return SealChain(after: state.anchorDigest)
        }
    }

    /// Takes a chain back whose last seal was committed, or that was not used.
    func giveBack(_ chain: SealChain) {
        state.withLock { $0.idle.append(chain) }
    }

    /// Remembers the newest anchor for chains to begin after.
    func learn(anchorDigest: [UInt8]) {
        state.withLock { $0.anchorDigest = anchorDigest }
    }
}
