import Hummingbird
import PostgreSQL
import Storage

/// `GET /v1/ledger/trial-balance`.
struct GetTrialBalance: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        .json(LedgerDocument.trialBalance(try await LedgerReads.trialBalance(at: try call.time("at"), on: pool)))
    }
}
