import Hummingbird
import Payments
import PostgreSQL
import Storage

/// `GET /v1/ledger/entries`.
struct ListJournalEntries: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        let paging = try Paging(call)
        var filter = JournalFilter()
        filter.cause = call.query("cause")
        filter.chargeID = try call.queryValue("charge_id") { ChargeID($0) }
        filter.from = try call.time("from")
        filter.to = try call.time("to")
        let entries = try await JournalReads.list(filter, after: try paging.after { EntryID($0) }, limit: paging.limit + 1, on: pool)
        return paging.page(entries, cursor: { $0.id.description }, render: { JournalEntryDocument.json($0) })
    }
}

/// `GET /v1/ledger/entries/{id}`.
struct GetJournalEntry: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        let id = try call.identifier("id") { EntryID($0) }
        guard let entry = try await JournalReads.entry(id, on: pool) else { throw Problem(.notFound) }
        return .json(JournalEntryDocument.json(entry))
    }
}
