package import Payments
package import PostgreSQL

/// Accepted entries on their way into the books: everything that one commit writes for them.
///
/// The balances come last, so that rows which many batches share are locked shortly. Accounts with a rule are locked before all others,
/// and both in the order of their ids, so that postings never wait for each other crosswise. A cause that is booked already, a rule that
/// would be broken or an account that was closed meanwhile refuses the whole.
package struct LedgerWrite: Sendable {
    private var entries: [PostingPlan.Accepted] = []
    /// Every account that the entries touch, once.
    private var touched: [Touched] = []
    private var positions: [AccountName: Int] = [:]
    /// Accounts that are in the books, with their ids.
    private let known: [AccountName: KnownAccounts.Known]
    /// Further accounts that need not be created.
    private let created: Set<AccountName>
    /// Whether accounts with a rule are locked already.
    private let isLocked: Bool

    private struct Touched {
        let known: KnownAccounts.Known
        var change = BalanceChange()
        var entryIDs: [EntryID] = []
    }

    /// Writes nothing.
    package static let nothing = LedgerWrite([], known: [:])

    /// Gathers what entries do; `known` and `created` accounts are in the books already, `isLocked` tells whether those with a rule are
    /// locked, too.
    init(
        _ entries: [PostingPlan.Accepted],
        known: [AccountName: KnownAccounts.Known],
        created: Set<AccountName> = [],
        isLocked: Bool = false
    ) {
        self.known = known
        self.created = created
        self.isLocked = isLocked
        add(entries)
    }

    /// Gathers what further entries do.
    mutating func add(_ more: some Sequence<PostingPlan.Accepted>) {
        for accepted in more {
            entries.append(accepted)
            BalanceChange.visit(accepted.entry, ending: accepted.ended) { account, counter, minorUnits in
                let position = position(of: account)
                touched[position].change.add(minorUnits, to: counter)
                if touched[position].entryIDs.last != accepted.entry.id { touched[position].entryIDs.append(accepted.entry.id) }
            }
        }
    }

    private mutating func position(of account: LedgerAccount) -> Int {
        if let found = positions[account.name] { return found }
        let entry = known[account.name] ?? KnownAccounts.Known(id: LedgerStore.accountID(account.name), account: account)
        touched.append(Touched(known: entry))
        positions[account.name] = touched.count - 1
        return touched.count - 1
    }

    /// The accounts that the entries touch and that were not known before.
    var newAccounts: [KnownAccounts.Known] {
        touched.lazy.map(\.known).filter { known[$0.account.name] == nil }
    }

    /// How many entries were gathered.
    var count: Int { entries.count }

    /// What one commit sends for the entries.
    package struct Booking: Sendable {
        package let commands: [Command]
        /// The chain's end once the commands are committed.
        package let chain: SealChain
        /// The accounts in the order of the last command.
        fileprivate var accounts: [KnownAccounts.Known] = []

        /// Takes note of the versions that the last command has made, given its result after the commit.
        ///
        /// What cannot be read, or comes in another order than the accounts were sent in, teaches nothing. That only costs time, and a
        /// commit that has succeeded must not fail for it.
        package func learn(from committed: QueryResult?) {
            guard let committed else { return }
            for (account, row) in zip(accounts, committed.rows) where (try? row.uuid(0)) == account.id {
                if let version = try? row.int64(1) { account.version.raise(to: version) }
            }
        }
    }

    /// The commands for all entries; the rows of the first `written` were sent before.
    package func booking(postedAt now: Timestamp, chain: SealChain, written: Int = 0) -> Booking {
        guard !entries.isEmpty else { return Booking(commands: [], chain: chain) }
        let (seal, next) = chain.sealing(entries.map { ($0.entry.id, $0.digest) }, at: now)
        let sorted = sortedByID()
        let commands =
            accountCommands(sorted) + rows(from: written, postedAt: now) + [LedgerWrite.sealCommand(seal)] + pendingCommands()
            + balanceCommands(sorted, now)
        return Booking(commands: commands, chain: next, accounts: sorted.map(\.known))
    }

    /// Only ids and places are moved while sorting; the accounts are large.
    private func sortedByID() -> [Touched] {
        touched.indices.map { (id: touched[$0].known.id, place: $0) }.sorted { $0.id < $1.id }.map { touched[$0.place] }
    }

    /// The entries and transfers themselves, from one that was gathered to the last; their accounts are in the books or created before.
    func rows(from first: Int, postedAt now: Timestamp) -> [Command] {
        first < entries.count ? [entryCommand(entries[first...], now), transferCommand(entries[first...])] : []
    }

    private func accountCommands(_ sorted: [Touched]) -> [Command] {
        let new = sorted.map(\.known.account).filter { known[$0.name] == nil && !created.contains($0.name) }
        return new.isEmpty ? [] : [LedgerWrite.insertAccounts(new)]
    }

    static func insertAccounts(_ accounts: [LedgerAccount]) -> Command {
        Command(
            LedgerStatements.insertAccounts,
            [
                .uuids(accounts.map { LedgerStore.accountID($0.name) }), .texts(accounts.map(\.name.text)),
                .texts(accounts.map(\.asset.code)), .texts(accounts.map(\.kind.rawValue)), .texts(accounts.map(\.rule.rawValue)),
            ]
        )
    }

    private func entryCommand(_ entries: ArraySlice<PostingPlan.Accepted>, _ now: Timestamp) -> Command {
        Command(
            LedgerStatements.insertEntries,
            [
                .uuids(entries.map(\.entry.id.value)), .texts(entries.map(\.entry.cause.text)), .texts(entries.map(\.entry.kind.rawValue)),
                .texts(entries.map(\.entry.phase.rawValue)), .optionalUUIDs(entries.map { $0.entry.pendingEntryID?.value }),
                .optionalTimestamps(entries.map { $0.entry.expiresAt?.microseconds }),
                .optionalUUIDs(entries.map { $0.entry.chargeID?.value }), .timestamps(entries.map(\.entry.occurredAt.microseconds)),
                .optionalTexts(entries.map(\.entry.reason)), .optionalTexts(entries.map { $0.entry.exchangeRate?.description }),
                .bytesArray(entries.map(\.digest)), .timestamp(now.microseconds),
            ]
        )
    }

    private func transferCommand(_ entries: ArraySlice<PostingPlan.Accepted>) -> Command {
        let id = { (account: LedgerAccount) in positions[account.name].map { touched[$0].known.id } ?? 0 }
        let rows = entries.flatMap { accepted in accepted.entry.transfers.enumerated().map { (accepted.entry.id, $0.offset, $0.element) } }
        return Command(
            LedgerStatements.insertTransfers,
            [
                .uuids(rows.map(\.0.value)), .int32s(rows.map { Int32($0.1) }), .uuids(rows.map { id($0.2.debit) }),
                .uuids(rows.map { id($0.2.credit) }), .texts(rows.map(\.2.amount.asset.code)),
                .numerics(rows.map(\.2.amount.minorUnits)),
            ]
        )
    }

    private static func sealCommand(_ seal: JournalSeal) -> Command {
        Command(
            LedgerStatements.insertSeal,
            [
                .uuid(seal.chainID.value), .int64(seal.number), .bytes(seal.previousDigest), .bytes(seal.digest),
                .uuids(seal.entryIDs.map(\.value)), .timestamp(seal.sealedAt.microseconds),
            ]
        )
    }

    private func pendingCommands() -> [Command] {
        let opened = entries.filter { $0.entry.phase == .pending }
        let ended = entries.compactMap(\.entry.pendingEntryID)
        var commands: [Command] = []
        if !opened.isEmpty {
            let times = opened.map { $0.entry.expiresAt?.microseconds }
            commands.append(Command(LedgerStatements.openEntries, [.uuids(opened.map(\.entry.id.value)), .optionalTimestamps(times)]))
        }
        if !ended.isEmpty { commands.append(Command(LedgerStatements.closeEntries, [.uuids(ended.map(\.value))])) }
        return commands
    }

    private func balanceCommands(_ touched: [Touched], _ now: Timestamp) -> [Command] {
        let limited = touched.filter { $0.known.account.rule != .unrestricted }.map(\.known.id)
        let free = touched.filter { $0.known.account.rule == .unrestricted }.map(\.known.id)
        var ends: [Int32] = []
        var end: Int32 = 0
        for account in touched {
            end += Int32(account.entryIDs.count)
            ends.append(end)
        }
        let locks = [isLocked ? [] : limited, free].filter { !$0.isEmpty }.map { Command(LedgerStatements.lockAccounts, [.uuids($0)]) }
        return locks + [
            Command(
                LedgerStatements.insertBalances,
                [
                    .uuids(touched.map(\.known.id)), .numerics(touched.map(\.change.debitsPosted)),
                    .numerics(touched.map(\.change.creditsPosted)), .numerics(touched.map(\.change.debitsPending)),
                    .numerics(touched.map(\.change.creditsPending)),
                    .int32s(zip(touched, ends).map { $1 - Int32($0.entryIDs.count) + 1 }), .int32s(ends),
                    .uuids(touched.flatMap { $0.entryIDs.map(\.value) }), .timestamp(now.microseconds),
                    .int64s(touched.map(\.known.version.number)),
                ]
            )
        ]
    }
}
