import Cryptography
import Payments
import PostgreSQL

/// The accounts of the books, by position, in a form that stays small when there are millions.
struct BookAccounts {
    struct Account {
        let id: UInt128
        /// Which of `parts`: its class and rule.
        let part: UInt8
        /// The rule as balances keep it.
        let rule: Int16
        let asset: Int32
        /// Whether disputed money stands on it.
        let isDisputed: Bool
        let nameStart: Int32
        let closedAt: Int64?
    }

    private(set) var accounts: [Account] = []
    private var positions = IdentifierTable<Void>()
    private var names: [UInt8] = []
    /// The codes of the assets, by position.
    private(set) var assets: [String] = []
    private(set) var assetBytes: [[UInt8]] = []
    private var assetPositions: [String: Int32] = [:]
    /// What an entry's digest holds of an account behind its id, for each class and rule.
    private(set) var parts: [[UInt8]] = []
    private var partPositions: [String: UInt8] = [:]

    static let copy = "COPY (SELECT id, name, asset, class, rule, closed_at FROM ledger_accounts) TO STDOUT (FORMAT binary)"
    static let columnCount = 6

    /// Takes one row, and checks that the id is made from the name.
    mutating func add(_ row: CopyRows, _ issues: inout VerificationIssues) throws {
        let id = try row.uuid(0)
        let name = row.text(1) ?? ""
        if AccountName(name).map(LedgerStore.accountID) != id {
            issues.add(.account, "account \(name): its id \(id.uuidText) is not the one that its name makes")
        }
        // Positions are counted by the table of ids.
        guard position(id) == nil else { return issues.add(.account, "account \(name) is there twice") }
        let rule = row.text(4) ?? ""
        let account = Account(
            id: id,
            part: part(row.text(3) ?? "", rule),
            rule: BalanceRule(rawValue: rule)?.number ?? -1,
            asset: asset(row.text(2) ?? ""),
            isDisputed: name.hasPrefix("disputes:"),
            nameStart: Int32(names.count),
            closedAt: try row.isNull(5) ? nil : row.timestamp(5)
        )
        names += name.utf8
        positions.insert((), for: id)
        accounts.append(account)
    }

    /// The position of an account.
    func position(_ id: UInt128) -> Int32? { positions.ordinal(of: id) }

    /// The name of the account at a position.
    func name(_ position: Int32) -> String {
        let index = Int(position)
        let end = index + 1 < accounts.count ? Int(accounts[index + 1].nameStart) : names.count
        return String(decoding: names[Int(accounts[index].nameStart)..<end], as: UTF8.self)
    }

    private mutating func asset(_ code: String) -> Int32 {
        if let known = assetPositions[code] { return known }
        assetPositions[code] = Int32(assets.count)
        assets.append(code)
        assetBytes.append(Array(code.utf8))
        return Int32(assets.count - 1)
    }

    private mutating func part(_ kind: String, _ rule: String) -> UInt8 {
        if let known = partPositions["\(kind) \(rule)"] { return known }
        var content = CanonicalBytes(capacity: 48)
        content.append(kind)
        content.append(rule)
        partPositions["\(kind) \(rule)"] = UInt8(parts.count)
        parts.append(content.bytes)
        return UInt8(parts.count - 1)
    }
}

extension BalanceRule {
    /// As `ledger_balances` keeps it.
    var number: Int16 {
        switch self {
        case .unrestricted: 0
        case .debitsMustNotExceedCredits: 1
        case .creditsMustNotExceedDebits: 2
        }
    }
}
