package import Payments
package import PostgreSQL

/// An entry of one of a customer's wallets.
package struct WalletEntry: Sendable {
    package let entry: AccountEntry
    /// What the page after this entry begins before.
    package var cursor: WalletCursor {
        WalletCursor(postedAt: entry.postedAt, assetCode: entry.standing.account.asset.code, position: entry.position)
    }
}

/// A place in the history of all wallets of a customer: newest first, and of one moment by the codes of the assets.
package struct WalletCursor: Sendable, Hashable, CustomStringConvertible {
    let postedAt: Timestamp
    let assetCode: String
    let position: HistoryPosition

    init(postedAt: Timestamp, assetCode: String, position: HistoryPosition) {
        self.postedAt = postedAt
        self.assetCode = assetCode
        self.position = position
    }

    /// The first microsecond of the year 10000.
    private static let endOfTime: Int64 = 253_402_300_800_000_000

    /// Reads what `description` wrote; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, let time = Int64(parts[0]), Asset(code: String(parts[1])) != nil, let version = Int64(parts[2]),
            let ordinal = Int64(parts[3]), (0..<WalletCursor.endOfTime).contains(time), version > 0, ordinal > 0
        else { return nil }
        self.init(
            postedAt: Timestamp(microseconds: time),
            assetCode: String(parts[1]),
            position: HistoryPosition(version: version, ordinal: ordinal)
        )
    }

    package var description: String { "\(postedAt.microseconds).\(assetCode).\(position.version).\(position.ordinal)" }
}

/// Customers' wallets for those who look.
package enum WalletReads {
    /// A customer's wallets in the order of their assets; empty for a customer who never had one, nil for an id that cannot have any.
    package static func wallets(of customer: String, on pool: ConnectionPool) async throws -> [AccountStanding]? {
        let names = Asset.knownCodes.compactMap { Asset(code: $0) }.compactMap { ChartOfAccounts.wallet(customer: customer, $0)?.name }
        guard !names.isEmpty else { return nil }
        // A wallet begins with its first entry; an account that a refused credit left behind has none.
        return try await LedgerReads.accounts(named: names, on: pool)
            .filter { $0.sides != AccountBalance() }
            .sorted { $0.account.asset.code < $1.account.asset.code }
    }

    /// Entries of a customer's wallets, or of the one that holds `asset`, newest first; nil for an id that cannot have any.
    package static func entries(
        of customer: String,
        asset: Asset?,
        before cursor: WalletCursor?,
        limit: Int,
        on pool: ConnectionPool
    ) async throws -> [WalletEntry]? {
        guard let wallets = try await wallets(of: customer, on: pool) else { return nil }
        var entries: [AccountEntry] = []
        for wallet in wallets where asset == nil || wallet.account.asset == asset {
            let range = range(of: wallet.account.asset, before: cursor)
            entries += try await AccountHistory.entries(of: wallet.account.name, in: range, limit: limit, on: pool) ?? []
        }
        return entries.sorted(by: isNewer).prefix(limit).map(WalletEntry.init)
    }

    private static func range(of asset: Asset, before cursor: WalletCursor?) -> HistoryRange {
        guard let cursor else { return HistoryRange() }
        if asset.code == cursor.assetCode { return HistoryRange(before: cursor.position) }
        // Of one moment, assets come in the order of their codes, so later codes are still to come.
        let isStillToCome = asset.code > cursor.assetCode
        return HistoryRange(to: Timestamp(microseconds: cursor.postedAt.microseconds + (isStillToCome ? 1 : 0)))
    }

    private static func isNewer(_ left: AccountEntry, _ right: AccountEntry) -> Bool {
        guard left.postedAt == right.postedAt else { return left.postedAt > right.postedAt }
        let codes = (left.standing.account.asset.code, right.standing.account.asset.code)
        guard codes.0 == codes.1 else { return codes.0 < codes.1 }
        return (left.position.version, left.position.ordinal) > (right.position.version, right.position.ordinal)
    }
}
