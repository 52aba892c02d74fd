import Gateway
import Hummingbird
import Payments
import StrictJSON

/// `GET /health/live` and `GET /health/ready`.
enum HealthRoutes {
    /// The process can answer; nothing else is asked.
    static func live(_ call: Call) async throws -> Response {
        .json(.object(JSONObject([("status", .string("live"))])))
    }

    /// The process should get requests: the database answers and it is not stopping.
    static func ready(_ health: HealthCheck) -> Route.Handler {
        { _ in
            let obstacles = await health.obstacles()
            let status = obstacles.isEmpty ? "ready" : "not_ready"
            let circuits = health.circuits.map { ($0.provider.text, JSONValue.string($0.state.name)) }
            let body = JSONValue.object(
                JSONObject([
                    ("status", .string(status)), ("obstacles", .array(obstacles.map { .string($0) })),
                    ("providers", .object(JSONObject(circuits))),
                ])
            )
            return .json(body, status: obstacles.isEmpty ? .ok : .serviceUnavailable)
        }
    }
}
