import Hummingbird

/// `GET /metrics`, in Prometheus' text format 0.0.4.
enum MetricsRoute {
    static func answer(_ expose: @escaping @Sendable () async -> String) -> Route.Handler {
        { _ in .bytes(Array(await expose().utf8), contentType: "text/plain; version=0.0.4; charset=utf-8") }
    }
}
