import Cryptography
import Gateway
import HTTPTypes
import Hummingbird
import Payments
import PostgreSQL
import Storage
import StrictJSON

/// `POST /v1/ledger/entries`.
struct RequestManualEntry: Sendable {
    let entries: ManualEntries

    private static let bodyBytesMax = 64 * 1024

    func answer(_ call: Call) async throws -> Response {
        let key = try IdempotencyKey(call.request.headers)
        let object = try await BodyReading.object(of: call.request, limit: RequestManualEntry.bodyBytesMax)
        let draft = try ManualEntryReader.draft(object)
        return try await .idempotent(entries.request(draft, under: try call.idempotent(key, "POST /v1/ledger/entries", object)))
    }
}

/// `POST /v1/ledger/manual-entries/{id}/approve` and `/reject`.
struct DecideManualEntry: Sendable {
    let entries: ManualEntries

    func approve(_ call: Call) async throws -> Response {
        let (id, reason, request) = try await call.decision("/v1/ledger/manual-entries", "approve") { ManualEntryID($0) }
        return try await .idempotent(entries.approve(id, reason: reason, under: request))
    }

    func reject(_ call: Call) async throws -> Response {
        let (id, reason, request) = try await call.decision("/v1/ledger/manual-entries", "reject") { ManualEntryID($0) }
        return try await .idempotent(entries.reject(id, reason: reason, under: request))
    }
}

/// `GET /v1/ledger/manual-entries`.
struct ListManualEntries: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        let paging = try Paging(call)
        let entries = try await ManualEntryStore.list(
            status: try call.queryValue("status", ManualEntryStatus.init(rawValue:)),
            after: try paging.after { ManualEntryID($0) },
            limit: paging.limit + 1,
            on: pool
        )
        return paging.page(entries, cursor: { $0.id.description }, render: { ManualEntryDocument.json($0) })
    }
}

/// `GET /v1/ledger/manual-entries/{id}`.
struct GetManualEntry: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        let id = try call.identifier("id") { ManualEntryID($0) }
        let command = ManualEntryStore.find(id)
        let result = try await pool.execute(command.statement, command.parameters)
        guard let entry = try ManualEntryStore.decode(result).first else { throw Problem(.notFound) }
        return .json(ManualEntryDocument.json(entry))
    }
}
