import Foundation

/// Programs that run beside the benchmark and end by themselves.
enum ProgramRun {
    /// Runs a program to its end.
    ///
    /// - Returns: what it wrote, a few kilobytes at most.
    /// - Throws: `BenchmarkError` when it cannot be started or fails.
    static func output(of program: String, _ arguments: [String], environment: [String: String]? = nil) async throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        if let environment { process.environment = environment }
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do {
                try process.run()
            } catch {
                continuation.resume(throwing: error)
            }
        }
        guard process.terminationStatus == 0 else {
            let text = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
            throw BenchmarkError("\(program) failed: \(text.prefix(300))")
        }
        return String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    }

    /// Where a program is found in PATH.
    static func find(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
