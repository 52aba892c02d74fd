import Foundation

/// The gateway as it is run, beside the benchmark.
struct GatewayProcess {
    static let stripeSecret = "whsec_benchmark"

    let port: Int
    private let process: Process

    /// Starts the program that was built beside this one; nobody is told anything, so notifications stay in the outbox.
    init(database: String) throws {
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("truvapay")
        port = Int.random(in: 20_000..<30_000)
        process = Process()
        process.executableURL = program
        process.arguments = ["serve"]
        process.environment = [
            "PATH": "/usr/bin:/bin", "HOST": "127.0.0.1", "PORT": "\(port)", "DATABASE_URL": database, "LOG_LEVEL": "error",
            "STRIPE_SECRET_KEY": "sk_test_benchmark", "STRIPE_WEBHOOK_SECRET": GatewayProcess.stripeSecret,
            "TRUVAPAY_FILES": FileManager.default.currentDirectoryPath,
        ]
        try process.run()
    }

    /// Waits until it takes connections.
    func waitUntilListening() async throws {
        while (try? BlockingConnection(port: port)) == nil {
            guard process.isRunning else { throw BenchmarkError("the gateway ended with \(process.terminationStatus)") }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Resident memory in megabytes.
    var residentMegabytes: Int {
        let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}

/// Why nothing could be measured.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
