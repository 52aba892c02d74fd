package import Payments
package import PostgreSQL

/// Accepted entries on their way into the books: everything that one commit writes for them.
///
/// The balances come last, so that rows which many batches share are locked shortly. Accounts with a rule are locked before all others,
/// and both in the order of their ids, so that postings never wait for each other crosswise. A cause that is booked already, a rule that
/// would be broken or an account that was closed meanwhile refuses the whole.
package struct LedgerWrite: Sendable {
    private let entries: [PostingPlan.Accepted]
    /// Every account that the entries touch, once, in the order of their ids.
    private let touched: [Touched]
    /// The accounts that need not be created.
    private let created: Set<AccountName>

    private struct Touched {
        let known: KnownAccounts.Known
        var change = BalanceChange()
        var entryIDs: [EntryID] = []
    }

    /// Writes nothing.
    package static let nothing = LedgerWrite([], known: [:])

    /// Gathers what entries do; `known` and `created` accounts are in the books already.
    init(_ entries: [PostingPlan.Accepted], known: [AccountName: KnownAccounts.Known], created: Set<AccountName> = []) {
        self.entries = entries
        var positions: [AccountName: Int] = [:]
        var touched: [Touched] = []
        for accepted in entries {
            BalanceChange.visit(accepted.entry, ending: accepted.ended) { account, counter, minorUnits in
                let position: Int
                if let found = positions[account.name] {
                    position = found
                } else {
                    position = touched.count
                    positions[account.name] = position
                    let entry = known[account.name] ?? KnownAccounts.Known(id: LedgerStore.accountID(account.name), account: account)
                    touched.append(Touched(known: entry))
                }
                touched[position].change.add(minorUnits, to: counter)
                if touched[position].entryIDs.last != accepted.entry.id { touched[position].entryIDs.append(accepted.entry.id) }
            }
        }
        self.touched = touched.sorted { $0.known.id < $1.known.id }
        self.created = created.union(touched.map(\.known.account.name).filter { known[$0] != nil })
    }

    /// The accounts that the entries touch.
    var accounts: [KnownAccounts.Known] { touched.map(\.known) }

    /// The commands, and the chain's end once they are committed.
    package func commands(postedAt now: Timestamp, chain: SealChain) -> (commands: [Command], chain: SealChain) {
        guard !entries.isEmpty else { return ([], chain) }
        let (seal, next) = chain.sealing(entries.map { ($0.entry.id, $0.digest) }, at: now)
        let commands =
            accountCommands() + [entryCommand(now), transferCommand(), LedgerWrite.sealCommand(seal)] + pendingCommands()
            + balanceCommands(now)
        return (commands, next)
    }

    private func accountCommands() -> [Command] {
        let new = touched.map(\.known.account).filter { !created.contains($0.name) }
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

    private func entryCommand(_ now: Timestamp) -> Command {
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

    private func transferCommand() -> Command {
        let ids = Dictionary(uniqueKeysWithValues: touched.map { ($0.known.account.name, $0.known.id) })
        let rows = entries.flatMap { accepted in accepted.entry.transfers.enumerated().map { (accepted.entry.id, $0.offset, $0.element) } }
        return Command(
            LedgerStatements.insertTransfers,
            [
                .uuids(rows.map(\.0.value)), .int32s(rows.map { Int32($0.1) }), .uuids(rows.map { ids[$0.2.debit.name] ?? 0 }),
                .uuids(rows.map { ids[$0.2.credit.name] ?? 0 }), .texts(rows.map(\.2.amount.asset.code)),
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

    private func balanceCommands(_ now: Timestamp) -> [Command] {
        let limited = touched.filter { $0.known.account.rule != .unrestricted }.map(\.known.id)
        let free = touched.filter { $0.known.account.rule == .unrestricted }.map(\.known.id)
        var ends: [Int32] = []
        var end: Int32 = 0
        for account in touched {
            end += Int32(account.entryIDs.count)
            ends.append(end)
        }
        let locks = [limited, free].filter { !$0.isEmpty }.map { Command(LedgerStatements.lockAccounts, [.uuids($0)]) }
        return locks + [
            Command(
                LedgerStatements.insertBalances,
                [
                    .uuids(touched.map(\.known.id)), .numerics(touched.map(\.change.debitsPosted)),
                    .numerics(touched.map(\.change.creditsPosted)), .numerics(touched.map(\.change.debitsPending)),
                    .numerics(touched.map(\.change.creditsPending)),
                    .int32s(zip(touched, ends).map { $1 - Int32($0.entryIDs.count) + 1 }), .int32s(ends),
                    .uuids(touched.flatMap { $0.entryIDs.map(\.value) }), .timestamp(now.microseconds),
                ]
            )
        ]
    }
}
