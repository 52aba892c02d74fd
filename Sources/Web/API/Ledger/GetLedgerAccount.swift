import Hummingbird
import PostgreSQL
import Storage

/// `GET /v1/ledger/accounts/{name}`.
struct GetLedgerAccount: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        let name = try call.accountName()
        guard let account = try await LedgerReads.account(name, at: try call.time("at"), on: pool) else { throw Problem(.notFound) }
        return .json(LedgerDocument.account(account))
    }
}
