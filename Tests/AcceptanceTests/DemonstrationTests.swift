import Foundation
import TestSupport
import Testing

/// What the README promises a newcomer.
@Suite("Demonstration")
struct DemonstrationTests {
    @Test("one payment of each kind travels the whole way, the program ends by the books, and so it does the second time")
    func twice() async throws {
        let home = "/tmp/truvapay-demonstration-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: home) }
        try await Seats.shared.occupy {
            for _ in 0..<2 {
                let environment = ["TRUVAPAY_HOME": home, "PORT": "\(try FreePort.find())", "DATABASE_URL": ""]
                let program = try ChildProcess(Stage.program, ["demonstrate", "--once"], environment: environment)
                let status = try await program.end(within: .seconds(120))
                #expect(status == 0, "\(program.lines.suffix(10))")
                #expect(program.lines.contains("the books balance, and every notification arrived"))
                program.send(SIGKILL)
            }
        }
    }
}
