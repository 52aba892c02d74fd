import Hummingbird
import Payments
import PostgreSQL
import Storage

/// `GET /v1/ledger/accounts`.
struct ListLedgerAccounts: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        let paging = try Paging(call)
        let after = try paging.after { AccountName($0) }
        let accounts = try await LedgerReads.accounts(after: after?.text, limit: paging.limit + 1, on: pool)
        return paging.page(accounts, cursor: { $0.account.name.text }, render: LedgerDocument.account)
    }
}
