import TestSupport
import Yams

/// What `contracts/openapi.yaml` says of its operations.
struct ContractDocument {
    /// One operation, as it and a route of the server can be compared.
    struct Operation: Hashable, CustomStringConvertible {
        let method: String
        let path: String
        /// Nil where anybody may call.
        let scope: String?

        var description: String { "\(method) \(path) (\(scope ?? "open"))" }
    }

    let operations: Set<Operation>

    /// Reads the contract.
    init() throws {
        let document = try Yams.load(yaml: Fixture.text("contracts/openapi.yaml")) as? [String: Any] ?? [:]
        let paths = document["paths"] as? [String: [String: Any]] ?? [:]
        var operations: Set<Operation> = []
        for (path, item) in paths {
            for method in ["get", "post", "put", "patch", "delete"] {
                guard let operation = item[method] as? [String: Any] else { continue }
                let security = (operation["security"] ?? document["security"]) as? [[String: [String]]]
                let scope = security?.first?["apiKey"].map { $0.joined(separator: " ") }
                operations.insert(Operation(method: method.uppercased(), path: path, scope: scope))
            }
        }
        self.operations = operations
    }
}
