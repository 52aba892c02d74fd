import Payments
import Storage
import StrictJSON

/// A notification and its delivery as operators see them.
enum NotificationListing {
    /// The notification; with its body only where one was asked for.
    static func json(_ view: NotificationView, withBody: Bool) -> JSONValue {
        let isWaiting = view.status == .pending
        var members: [(String, JSONValue)] = [
            ("id", .string(view.id.description)),
            ("type", .string(view.type)),
            ("ordering_key", .string(view.orderingKey)),
            ("status", .string(view.status.rawValue)),
            ("attempts", .number(JSONNumber(Int64(view.attempts)))),
            ("next_attempt_at", isWaiting ? .string(view.nextAttemptAt.rfc3339) : .null),
            ("last_status", view.lastStatus.map { .number(JSONNumber(Int64($0))) } ?? .null),
            ("last_error", view.lastError.map { .string($0) } ?? .null),
            ("created_at", .string(view.createdAt.rfc3339)),
            ("delivered_at", view.deliveredAt.map { .string($0.rfc3339) } ?? .null),
        ]
        if withBody { members.append(("body", .string(view.body))) }
        return .object(JSONObject(members))
    }
}
