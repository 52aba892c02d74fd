import Foundation
import TestSupport
import Testing

@Suite("truvapay doctor")
struct DoctorTests {
    @Test("lists what has to be enabled at each provider that is set up, from its events.yaml, and says that crypto is a stub")
    func events() async throws {
        let changes = ["CRYPTO_API_BASE": "http://127.0.0.1:1", "CRYPTO_WEBHOOK_SECRET": "a-secret-for-tests"]
        try await Stage.run(changes: changes) { stage, _ in
            let child = try ChildProcess(Stage.program, ["doctor"], environment: stage.environment)
            #expect(try await child.end(within: .seconds(120)) == 0)
            // The last lines can come a moment after the end.
            _ = try await waitUntil(.seconds(90)) { child.lines.contains { $0.contains("notifications") } }
            let lines = child.lines
            var listed: [String: Set<String>] = [:]
            var provider = ""
            for line in lines {
                if line.hasPrefix("tick  ") { provider = String(line.dropFirst(6).prefix { $0 != ":" }) }
                if line.contains("[ ] ") { listed[provider, default: []].insert(String(line.split(separator: " ").last ?? "")) }
            }
            #expect(Set(listed.keys) == ["stripe", "promptpay", "crypto"], "\(lines)")
            for name in ["stripe", "crypto"] {
                let documented = try Fixture.text("providers/\(name)/events.yaml").split(separator: "\n").filter { !$0.hasPrefix("#") }
                let acted = documented.filter { !$0.hasSuffix(": kept") && !$0.hasSuffix(": told_by_intent") }
                #expect(listed[name] == Set(acted.compactMap { $0.split(separator: ":").first.map(String.init) }), "\(name)")
            }
            #expect(listed["promptpay"] == ["payment_confirmation"])
            #expect(lines.contains { $0.contains("crypto is a stub") })
        }
    }
}
