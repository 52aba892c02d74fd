import Gateway
import Hummingbird
import Payments
import PostgreSQL
import Storage
import StrictJSON

/// `GET /v1/webhook-events`.
struct ListWebhookEvents: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        let paging = try Paging(call)
        let events = try await WebhookEventReads.list(
            status: try call.queryValue("status", InboxStatus.init(rawValue:)),
            after: try paging.after { WebhookEventID($0) },
            limit: paging.limit + 1,
            on: pool
        )
        return paging.page(events, cursor: { $0.id.description }, render: { WebhookEventDocument.json($0, withBody: false) })
    }
}

/// `GET /v1/webhook-events/{id}`.
struct GetWebhookEvent: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        let id = try call.identifier("id") { WebhookEventID($0) }
        guard let event = try await WebhookEventReads.event(id, on: pool) else { throw Problem(.notFound) }
        return .json(WebhookEventDocument.json(event, withBody: true))
    }
}

/// `POST /v1/webhook-events/{id}/replay`.
struct ReplayWebhookEvent: Sendable {
    let operators: OperatorRequests

    func answer(_ call: Call) async throws -> Response {
        let id = try call.identifier("id") { WebhookEventID($0) }
        guard try await operators.replay(id) else { throw Problem(.notFound) }
        return .json(.object(JSONObject([("id", .string(id.description)), ("status", .string("queued"))])), status: .accepted)
    }
}
