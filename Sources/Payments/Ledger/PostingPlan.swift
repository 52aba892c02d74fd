/// Decides, request by request and in order, what a bulk posting may write.
///
/// The shell reads under lock what the requests concern, lets this value decide, and writes what it accepted. A refused request changes
/// nothing for its neighbours, but an accepted one counts for those after it. Linked requests are accepted together or not at all.
package struct PostingPlan: Sendable {
    /// An entry that may be written.
    package struct Accepted: Sendable {
        package let entry: BookedEntry
        /// The digest of its content.
        package let digest: [UInt8]
        /// The transfers of the pending entry that it ends; empty for all others.
        package let ended: [Transfer]

        /// Describes an entry that may be written.
        package init(entry: BookedEntry, digest: [UInt8], ended: [Transfer]) {
            self.entry = entry
            self.digest = digest
            self.ended = ended
        }
    }

    /// The books after all accepted requests; balances are kept for accounts with a rule only.
    package private(set) var books: LedgerBooks
    /// The accepted entries in order.
    package private(set) var accepted: [Accepted] = []

    private let now: Timestamp
    private let digest: @Sendable (BookedEntry) -> [UInt8]

    /// Begins with the present books.
    ///
    /// - Parameters:
    ///   - books: What is there already.
    ///   - now: When pending entries are over.
    ///   - digest: The digest of an entry's content, all but its name.
    package init(books: LedgerBooks, now: Timestamp, digest: @escaping @Sendable (BookedEntry) -> [UInt8]) {
        self.books = books
        self.now = now
        self.digest = digest
    }

    /// The largest amount of one transfer: thirty digits, so that no number of transfers that fits a database passes its counters.
    package static let amountLimit: Int128 = 1_000_000_000_000_000_000_000_000_000_000

    /// Accepts or refuses requests, groups of linked ones together.
    package mutating func post(_ requests: [PostingRequest]) -> [PostingResult] {
        var results: [PostingResult] = []
        results.reserveCapacity(requests.count)
        for range in PostingRequest.groups(of: requests) {
            if range.count == 1 {
                results.append(post(requests[range.lowerBound]))
            } else {
                results += post(group: requests[range])
            }
        }
        return results
    }

    /// Tries the group on a copy of what concerns it first.
    private mutating func post(group: ArraySlice<PostingRequest>) -> [PostingResult] {
        var trial = PostingPlan(books: books.part(concerning: group), now: now, digest: digest)
        let results = group.map { trial.post($0) }
        guard results.allSatisfy({ $0 == .created }) else {
            return results.map { $0 == .created ? .linkedEntryFailed : $0 }
        }
        return group.map { post($0) }
    }

    private mutating func post(_ request: PostingRequest) -> PostingResult {
        switch request.content {
        case .entry(let entry): accept(BookedEntry(request.id, entry), ended: [])
        case .resolution(let resolution): post(resolution, as: request.id)
        }
    }

    private mutating func post(_ resolution: PendingResolution, as id: EntryID) -> PostingResult {
        guard let pending = books.pending[resolution.pending] else {
            return books.digests[resolution.cause] == nil ? .pendingNotFound : .existsWithDifferentContent
        }
        guard let (phase, transfers) = resolution.effect(on: pending) else {
            return books.digests[resolution.cause] == nil ? .exceedsPendingAmount : .existsWithDifferentContent
        }
        let entry = BookedEntry(id, resolution, of: pending, phase: phase, transfers: transfers)
        if let result = repetition(of: entry) { return result }
        guard !pending.isResolved else { return .pendingAlreadyResolved }
        let isOver = pending.expiresAt.map { $0 <= now } ?? false
        guard isOver == (phase == .expire) else { return isOver ? .pendingExpired : .pendingNotExpired }
        let result = accept(entry, ended: pending.transfers)
        if result == .created { books.pending[resolution.pending] = pending.resolved }
        return result
    }

    private func repetition(of entry: BookedEntry) -> PostingResult? {
        books.digests[entry.cause].map { $0 == digest(entry) ? .exists : .existsWithDifferentContent }
    }

    private mutating func accept(_ entry: BookedEntry, ended: [Transfer]) -> PostingResult {
        if let result = repetition(of: entry) { return result }
        if let refusal = books.refusal(of: entry.transfers) { return refusal }
        if entry.transfers.contains(where: { $0.amount.minorUnits > PostingPlan.amountLimit }) { return .overflow }
        let limited = PostingPlan.limitedAccounts(of: entry, ended: ended)
        if !limited.isEmpty {
            guard let balances = books.balances(of: limited, after: entry, ending: ended) else { return .overflow }
            guard limited.allSatisfy({ balances[$0.name]?.satisfies($0.rule) ?? true }) else { return .wouldExceedBalance }
            books.balances.merge(balances) { _, new in new }
        }
        keep(entry, ended: ended)
        return .created
    }

    private static func limitedAccounts(of entry: BookedEntry, ended: [Transfer]) -> [LedgerAccount] {
        var accounts: [LedgerAccount] = []
        for transfer in ended.isEmpty ? entry.transfers : ended {
            if transfer.debit.rule != .unrestricted { accounts.append(transfer.debit) }
            if transfer.credit.rule != .unrestricted { accounts.append(transfer.credit) }
        }
        return accounts
    }

    private mutating func keep(_ entry: BookedEntry, ended: [Transfer]) {
        for transfer in entry.transfers {
            books.accounts[transfer.debit.name] = transfer.debit
            books.accounts[transfer.credit.name] = transfer.credit
        }
        let digest = digest(entry)
        books.digests[entry.cause] = digest
        if entry.phase == .pending { books.pending[entry.cause] = PendingEntry(entry) }
        accepted.append(Accepted(entry: entry, digest: digest, ended: ended))
    }
}
