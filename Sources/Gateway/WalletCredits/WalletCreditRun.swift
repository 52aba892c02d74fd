import Payments
import PostgreSQL
import Storage
import Synchronization

/// One call under way: which of its lines can be posted, and what became of them so far.
final class WalletCreditRun: Sendable {
    let call: WalletCreditCall
    private let ledger: Ledger
    private let surroundings: Surroundings
    private let rule: WalletCreditRule
    /// The lines that may be posted, but for the last of them; the others have their result.
    private let chunks: [ArraySlice<Int>]
    private let lastChunk: ArraySlice<Int>
    private let results: Mutex<[WalletCreditResult]>

    /// Looks at each line alone, and for references that came before; posts `chunkMax` lines at once.
    init(ledger: Ledger, surroundings: Surroundings, call: WalletCreditCall, rule: WalletCreditRule, chunkMax: Int) {
        self.call = call
        self.ledger = ledger
        self.surroundings = surroundings
        self.rule = rule
        var results = [WalletCreditResult](repeating: .refused, count: call.credits.count)
        var postable: [Int] = []
        var seen = Set<String>(minimumCapacity: call.credits.count)
        for (index, credit) in call.credits.enumerated() {
            do throws(WalletCreditRejection) {
                try rule.check(credit)
                guard seen.insert(credit.reference).inserted else {
                    results[index] = .duplicateReference
                    continue
                }
                postable.append(index)
            } catch {
                results[index] = error.result
            }
        }
        var chunks = stride(from: 0, to: postable.count, by: chunkMax).map { postable[$0..<min($0 + chunkMax, postable.count)] }
        lastChunk = chunks.popLast() ?? []
        self.chunks = chunks
        self.results = Mutex(results)
    }

    /// Posts chunks, some at a time, until the last one.
    ///
    /// - Throws: the database's error; what was committed before stays.
    func postAllButLast(atOnce: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, chunk) in chunks.enumerated() {
                if number >= atOnce { try await group.next() }
                group.addTask { try await self.post(chunk) { _ in ((), []) } }
            }
            try await group.waitForAll()
        }
    }

    /// Posts the last chunk, which is empty when no line can be posted, and in the same commit what `beside` makes of all results.
    func postLast<Value: Sendable>(beside: @Sendable ([WalletCreditResult]) -> (Value, [Command])) async throws -> Value {
        try await post(lastChunk, beside: beside)
    }

    private func post<Value: Sendable>(
        _ chunk: ArraySlice<Int>,
        beside: @Sendable ([WalletCreditResult]) -> (Value, [Command])
    ) async throws -> Value {
        let now = surroundings.now()
        var random = SystemRandomNumberGenerator()
        var requests: [PostingRequest] = []
        requests.reserveCapacity(chunk.count)
        for index in chunk { requests.append(PostingRequest(EntryID(at: now, random: &random), try rule.entry(for: call.credits[index]))) }
        let sealed = requests
        do {
            return try await post(sealed, of: chunk, at: now, beside: beside)
        } catch let error as PostgresError where error.code == .commitOutcomeUnknown {
            return try await post(sealed, of: chunk, at: now, beside: beside)
        }
    }

    private func post<Value: Sendable>(
        _ requests: [PostingRequest],
        of chunk: ArraySlice<Int>,
        at now: Timestamp,
        beside: @Sendable ([WalletCreditResult]) -> (Value, [Command])
    ) async throws -> Value {
        try await ledger.post(at: now) { _ in
            (requests, ())
        } beside: { posted, _ in
            let all = results.withLock { results in
                for (index, result) in zip(chunk, posted) { results[index] = WalletCreditResult(result) }
                return results
            }
            return beside(all)
        }
    }
}
