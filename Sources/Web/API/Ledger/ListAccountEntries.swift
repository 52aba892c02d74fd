import Hummingbird
import Payments
import PostgreSQL
import Storage

/// `GET /v1/ledger/accounts/{name}/entries`.
struct ListAccountEntries: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        let name = try call.accountName()
        let paging = try Paging(call)
        let range = HistoryRange(
            from: try call.time("from"),
            to: try call.time("to"),
            before: try paging.after(ListAccountEntries.position)
        )
        guard let entries = try await AccountHistory.entries(of: name, in: range, limit: paging.limit + 1, on: pool) else {
            throw Problem(.notFound)
        }
        return paging.page(entries, cursor: ListAccountEntries.cursor) { LedgerDocument.accountEntry($0) }
    }

    private static func cursor(_ entry: AccountEntry) -> String {
        "\(entry.position.version).\(entry.position.ordinal)"
    }

    private static func position(_ text: String) -> HistoryPosition? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let version = Int64(parts[0]), let ordinal = Int64(parts[1]), version > 0, ordinal > 0 else { return nil }
        return HistoryPosition(version: version, ordinal: ordinal)
    }
}
