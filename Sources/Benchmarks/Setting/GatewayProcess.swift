import Foundation

/// A server that is measured, as a process of its own.
protocol MeasuredServer: Sendable {
    var port: Int { get }
    var identifier: Int32 { get }
}

/// The gateway as it is run, beside the benchmark.
// Safety: the process is started in the initialiser; afterwards only its state is read, and `stop` is called once.
final class GatewayProcess: MeasuredServer, @unchecked Sendable {
    static let apiKey = "benchmark-key-with-every-scope"

    let port: Int
    private let process: Process

    var identifier: Int32 { process.processIdentifier }

    /// Starts the program that was built beside this one; without `settings` nobody is told anything, so notifications stay in the outbox.
    init(database: String, settings: [String: String] = [:]) async throws {
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("truvapay")
        port = try FreePort.find()
        process = Process()
        process.executableURL = program
        process.arguments = ["serve"]
        process.environment = [
            "PATH": "/usr/bin:/bin", "HOST": "127.0.0.1", "PORT": "\(port)", "DATABASE_URL": database, "LOG_LEVEL": "error",
            "STRIPE_SECRET_KEY": "sk_test_benchmark", "STRIPE_WEBHOOK_SECRET": StripeEvents.secret,
            "PROMPTPAY_TARGET": "mobile:0812345678", "PROMPTPAY_WEBHOOK_SECRET": "benchmark", "TRUVAPAY_BOOTSTRAP_KEY": Self.apiKey,
            "TRUVAPAY_FILES": FileManager.default.currentDirectoryPath,
        ].merging(settings) { _, new in new }
        try process.run()
        try await process.waitUntilListening(port: port, named: "the gateway")
    }

    /// Resident memory now and at its highest, in megabytes.
    var residentMegabytes: (now: Double, peak: Double) {
        let status = (try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)) ?? ""
        func megabytes(_ name: String) -> Double {
            let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
            return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
        }
        return (megabytes("VmRSS:"), megabytes("VmHWM:"))
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}

extension Process {
    /// Waits until the process takes connections.
    ///
    /// - Throws: `BenchmarkError` when it ends, or does not within half a minute.
    func waitUntilListening(port: Int, named name: String) async throws {
        for _ in 0..<600 {
            if LoadGenerator.isListening(port: port) { return }
            guard isRunning else { throw BenchmarkError("\(name) ended with \(terminationStatus)") }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw BenchmarkError("\(name) takes no connections")
    }
}
