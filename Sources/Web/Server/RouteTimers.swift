import HTTPTypes
import Metrics
import Synchronization

/// One duration histogram for each route, method and status, made when first needed.
final class RouteTimers: Sendable {
    private struct Key: Hashable {
        let path: String
        let method: HTTPRequest.Method
        let status: Int
    }

    private let known: Set<String>
    private let timers = Mutex<[Key: Timer]>([:])

    /// Measures `routes`; everything else is one series, so that strangers cannot make new ones.
    init(routes: [Route]) {
        known = Set(routes.map(\.path))
    }

    /// Adds one observation.
    func record(_ elapsed: Duration, path: String?, method: HTTPRequest.Method, status: HTTPResponse.Status) {
        let path = path.flatMap { known.contains($0) ? $0 : nil } ?? "other"
        let key = Key(path: path, method: path == "other" ? .get : method, status: status.code)
        let timer = timers.withLock { timers in
            if let timer = timers[key] { return timer }
            let timer = Timer(
                label: "truvapay_http_request_duration_seconds",
                dimensions: [("route", key.path), ("method", key.method.rawValue), ("status", String(key.status))]
            )
            timers[key] = timer
            return timer
        }
        timer.recordNanoseconds(Int64(elapsed / .nanoseconds(1)))
    }
}
