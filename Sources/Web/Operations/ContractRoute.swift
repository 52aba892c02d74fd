import Hummingbird

/// `GET /openapi.yaml`.
enum ContractRoute {
    static func answer(_ contract: [UInt8]) -> Route.Handler {
        { _ in .bytes(contract, contentType: "application/yaml") }
    }
}
