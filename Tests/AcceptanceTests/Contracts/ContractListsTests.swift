import HTTPTypes
import Payments
import TestSupport
import Testing

@testable import Gateway
@testable import Web

@Suite("What the contract lists is what there is")
struct ContractListsTests {
    @Test("routes with their scopes")
    func routes() throws {
        let routes = Routes.all(.idle()).map { route in
            let scope: String? = if case .scope(let scope) = route.access { scope.rawValue } else { nil }
            return ContractDocument.Operation(method: route.method.rawValue, path: route.path, scope: scope)
        }
        let documented = try ContractDocument().operations
        #expect(Set(routes).subtracting(documented) == [], "the contract does not list these")
        #expect(documented.subtracting(routes) == [], "the server does not have these")
        #expect(Set(routes).count == routes.count && routes.count > 10)
    }

    @Test("problem codes with their status and title")
    func problems() throws {
        let rows = try Fixture.text("contracts/problems.md").split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
        let expected = ProblemCode.allCases.map { "| `\($0.rawValue)` | \($0.answer.status.code) | \($0.answer.title) |" }
        #expect(rows.sorted() == expected.sorted())
        #expect(ChargeRefusal.allCases.filter { ProblemCode(rawValue: $0.rawValue) == nil } == [])
        #expect(ChargeOperationRefusal.allCases.filter { ProblemCode(rawValue: $0.rawValue) == nil } == [])
        let kept = ProblemDocument.Kind.providerRefused
        #expect(ProblemCode.providerRefused.rawValue == kept.code && ProblemCode.providerRefused.answer.status.code == kept.status)
    }

    @Test("notification types with their schemas")
    func notifications() throws {
        let schemas = try Fixture.files("contracts/events", suffix: ".schema.json")
        #expect(schemas == NotificationType.allCases.map { "\($0.rawValue).schema.json" }.sorted())
    }

    @Test("the contract is a right OpenAPI 3.1 document", .enabled(if: PythonEnvironment.isAvailable))
    func isOpenAPI() async throws {
        let script = "from openapi_spec_validator.__main__ import main; main()"
        let arguments = ["--schema", "3.1", "--subschema-errors", "all", Fixture.root + "/contracts/openapi.yaml"]
        let (status, lines) = try await PythonEnvironment.run(script, arguments: arguments)
        #expect(status == 0 && lines.last?.hasSuffix("OK") == true, "\(lines.joined(separator: "\n"))")
    }
}
