import Gateway
import Hummingbird
import Payments
import PostgreSQL
import Storage
import StrictJSON

/// `GET /v1/notifications`.
struct ListNotifications: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        let paging = try Paging(call)
        let notifications = try await NotificationReads.list(
            status: try call.queryValue("status", DeliveryStatus.init(rawValue:)),
            after: try paging.after { NotificationID($0) },
            limit: paging.limit + 1,
            on: pool
        )
        return paging.page(notifications, cursor: { $0.id.description }, render: { NotificationListing.json($0, withBody: false) })
    }
}

/// `GET /v1/notifications/{id}`.
struct GetNotification: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        let id = try call.identifier("id") { NotificationID($0) }
        guard let notification = try await NotificationReads.notification(id, on: pool) else { throw Problem(.notFound) }
        return .json(NotificationListing.json(notification, withBody: true))
    }
}

/// `POST /v1/notifications/{id}/resend`.
struct ResendNotification: Sendable {
    let operators: OperatorRequests

    func answer(_ call: Call) async throws -> Response {
        let id = try call.identifier("id") { NotificationID($0) }
        guard try await operators.resend(id) else { throw Problem(.notFound) }
        return .json(.object(JSONObject([("id", .string(id.description)), ("status", .string("queued"))])), status: .accepted)
    }
}
