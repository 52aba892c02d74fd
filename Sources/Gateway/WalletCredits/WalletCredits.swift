import Cryptography
package import Payments
import PostgreSQL
package import Storage
import Synchronization

/// Credits wallets in bulk.
///
/// A call is booked in chunks, each in a commit of its own; the last one also keeps the answer and tells the order core. A call that broke
/// off is made again and completes: the ledger knows each line by its batch and reference.
package final class WalletCredits: Sendable {
    private struct Key: Hashable {
        let caller: APIKeyID
        let text: String
    }

    private let ledger: Ledger
    private let surroundings: Surroundings
    private let delivery: WorkSignal
    private let running = Mutex<Set<Key>>([])

    /// Calls at once; each holds all its lines in memory.
    private static let callsMax = 8
    private static let chunkMax = 1_000
    /// While PostgreSQL writes one chunk the next is made ready.
    private static let chunksAtOnce = 2
    /// The kept answer holds one byte for each line; the request, which comes again with the key, holds the rest.
    private static let keptType = "application/x-truvapay-wallet-credit-results"

    /// Books into `ledger` and wakes `delivery` when there is something to tell.
    package init(ledger: Ledger, surroundings: Surroundings, delivery: WorkSignal) {
        self.ledger = ledger
        self.surroundings = surroundings
        self.delivery = delivery
    }

    /// What a call gets.
    package enum Outcome: Sendable {
        /// Carried out now, with a result for each line.
        case answered([WalletCreditResult])
        /// Carried out before; these are the results of that time.
        case replayed([WalletCreditResult])
        /// The same call is under way here.
        case running
        /// The key was used for another request.
        case keyReused
    }

    /// Credits every line that can be, or gives the answer that the same call got before.
    ///
    /// - Throws: `WalletCreditRefusal` before anything is written; a database error when it broke off in the middle.
    package func credit(_ call: WalletCreditCall, under request: IdempotentRequest) async throws -> Outcome {
        let key = Key(caller: request.caller, text: request.key)
        let (isFirst, count) = running.withLock { running in (running.insert(key).inserted, running.count) }
        guard isFirst else { return .running }
        defer { running.withLock { _ = $0.remove(key) } }
        guard count <= WalletCredits.callsMax else { throw WalletCreditRefusal.tooManyCalls }
        if let record = try await KeptAnswers(pool: ledger.pool).record(of: request) {
            guard record.fingerprint == request.fingerprint else { return .keyReused }
            if let answer = record.answer { return .replayed(WalletCredits.results(answer)) }
        }
        let batch = try await begin(call, under: request)
        let run = WalletCreditRun(
            ledger: ledger,
            surroundings: surroundings,
            call: call,
            rule: WalletCreditRule(batchID: call.batchID, asset: call.asset, reason: call.reason, occurredAt: batch.occurredAt),
            chunkMax: WalletCredits.chunkMax
        )
        try await run.postAllButLast(atOnce: WalletCredits.chunksAtOnce)
        let isTold = try await finish(run, under: request)
        if isTold { delivery.raise() }
        return .answered(try await kept(request))
    }

    /// Keeps the key and the batch; both may be there from a call that broke off.
    private func begin(_ call: WalletCreditCall, under request: IdempotentRequest) async throws -> WalletCreditBatch {
        let now = surroundings.now()
        let batch = WalletCreditBatch(
            id: call.batchID,
            asset: call.asset,
            reason: call.reason,
            requestedBy: request.caller,
            occurredAt: now
        )
        return try await ledger.pool.transaction { transaction in
            let results = try await transaction.pipeline([
                IdempotencyStore.begin([request.record(at: now)]), WalletCreditStore.insert(batch),
                WalletCreditStore.find(call.batchID),
            ])
            guard let kept = try WalletCreditStore.decode(results[2]), kept.asset == call.asset, kept.reason == call.reason else {
                throw WalletCreditRefusal.batchReused
            }
            _ = try await transaction.finish(with: [])
            return kept
        }
    }

    /// Posts the last chunk with the answer and the news; tells whether there is news.
    private func finish(_ run: WalletCreditRun, under request: IdempotentRequest) async throws -> Bool {
        let now = surroundings.now()
        let cause = "wallet-credit:\(run.call.batchID):\(Hexadecimal.encode(Array(request.fingerprint.prefix(16))))"
        return try await run.postLast { results in
            let answer = KeptAnswer(status: 200, contentType: WalletCredits.keptType, body: results.map(\.rawValue))
            let keeping = IdempotencyStore.answer(caller: request.caller, key: request.key, with: answer)
            guard results.contains(where: \.isCredited) else { return (false, [keeping]) }
            let news = OrderCoreNotification(
                type: .walletCredited,
                cause: cause,
                subject: .walletCredits(run.call.summary(results)),
                occurredAt: now
            )
            return (true, [keeping] + NotificationWriting.commands([news], surroundings: surroundings))
        }
    }

    /// What is kept is what is answered, even where another gateway finished the same call at the same time.
    private func kept(_ request: IdempotentRequest) async throws -> [WalletCreditResult] {
        guard let answer = try await KeptAnswers(pool: ledger.pool).record(of: request)?.answer else { throw IntentError.keyVanished }
        return WalletCredits.results(answer)
    }

    private static func results(_ answer: KeptAnswer) -> [WalletCreditResult] {
        answer.body.map { WalletCreditResult(rawValue: $0) ?? .refused }
    }
}

/// Why a call to credit wallets is refused as a whole.
package enum WalletCreditRefusal: String, Error, Sendable, CaseIterable {
    /// The batch was asked for with another reason or currency before.
    case batchReused = "batch_reused"
    /// As many calls are under way as this gateway carries at once.
    case tooManyCalls = "unavailable"
}
