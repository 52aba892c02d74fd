import Payments
package import Storage
package import StrictJSON

/// A charge's timeline as the outside sees it.
package enum TimelineDocument {
    /// All items in order.
    package static func json(_ items: [TimelineItem]) -> JSONValue {
        .object(JSONObject([("data", .array(items.map(json)))]))
    }

    private static func json(_ item: TimelineItem) -> JSONValue {
        .object(
            JSONObject([
                ("at", .string(item.at.rfc3339)), ("kind", .string(item.kind.rawValue)), ("name", .string(item.name)),
                ("detail", item.detail.map { .string($0) } ?? .null), ("reference", item.reference.map { .string($0) } ?? .null),
            ])
        )
    }
}
