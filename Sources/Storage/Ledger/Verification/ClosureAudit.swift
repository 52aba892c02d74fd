import Payments
import PostgreSQL

/// The closures of accounts, each of which one seal holds.
struct ClosureAudit {
    private var closures: [UInt128: AccountClosure] = [:]
    private var sealed: Set<UInt128> = []

    static let copy = "COPY (SELECT account_id, closed_at, reason FROM ledger_account_closures) TO STDOUT (FORMAT binary)"
    static let columnCount = 3

    /// Takes one row.
    mutating func add(_ row: CopyRows) throws {
        let id = try row.uuid(0)
        closures[id] = AccountClosure(
            accountID: id,
            closedAt: Timestamp(microseconds: try row.timestamp(1)),
            reason: row.text(2) ?? ""
        )
    }

    /// The closures that a seal holds.
    mutating func take(_ seal: SealAudit.Seal, _ issues: inout VerificationIssues) -> [AccountClosure] {
        seal.closedAccountIDs.compactMap { id in
            guard let closure = closures[id] else {
                issues.add(.closure, "\(seal.name) holds a closure of account \(id.uuidText), which is not there")
                return nil
            }
            if !sealed.insert(id).inserted { issues.add(.closure, "\(seal.name) holds the closure of account \(id.uuidText) once more") }
            return closure
        }
    }

    /// Compares with the accounts themselves, and names closures that no seal holds.
    func finish(_ accounts: BookAccounts, _ issues: inout VerificationIssues) {
        for id in closures.keys.sorted() {
            if !sealed.contains(id) { issues.add(.closure, "the closure of account \(id.uuidText) is in no seal") }
            if accounts.position(id) == nil { issues.add(.closure, "account \(id.uuidText) has a closure and is not there") }
        }
        for (position, account) in accounts.accounts.enumerated() where account.closedAt != closures[account.id]?.closedAt.microseconds {
            issues.add(.closure, "account \(accounts.name(Int32(position))) is not closed as its closure says")
        }
    }
}
