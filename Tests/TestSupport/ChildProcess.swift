import Foundation
import Synchronization

/// A program that a test runs.
package final class ChildProcess: Sendable {
    private struct State {
        var lines: [String] = []
        var rest = Data()
    }

    private let state = Mutex(State())
    private let processBox: Mutex<Process>
    /// The number by which the system knows it.
    package let pid: Int32

    /// Starts a program; what it says on both outputs is gathered by lines.
    package init(_ path: String, _ arguments: [String], environment: [String: String] = [:], folder: String? = nil) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        pid = process.processIdentifier
        processBox = Mutex(process)
        // A thread and no handler on the file: Foundation may close a file while Dispatch still listens to it, which ends the whole
        // test process now and then.
        let output = pipe.fileHandleForReading
        Thread.detachNewThread { [weak self] in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(output.fileDescriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                self?.take(Data(buffer[..<count]))
            }
        }
    }

    private func take(_ data: Data) {
        state.withLock { state in
            state.rest.append(data)
            while let end = state.rest.firstIndex(of: UInt8(ascii: "\n")) {
                state.lines.append(String(decoding: state.rest[..<end], as: UTF8.self))
                state.rest = Data(state.rest[(end + 1)...])
            }
        }
    }

    /// What it has said so far.
    package var lines: [String] { state.withLock { $0.lines } }

    /// What it ended with; nil while it runs.
    package var status: Int32? {
        // Asked and not waited for: a very short program can end before a handler is set.
        processBox.withLock { $0.isRunning ? nil : $0.terminationStatus }
    }

    /// Sends a signal.
    package func send(_ signal: Int32) {
        kill(pid, signal)
    }

    /// Waits for a line that contains a text; nil when the time ran out or it ended.
    package func line(containing text: String, within limit: Duration = .seconds(30)) async throws -> String? {
        _ = try await waitUntil(limit) { self.status != nil || self.lines.contains { $0.contains(text) } }
        return lines.first { $0.contains(text) }
    }

    /// Waits for its end; nil when the time ran out.
    package func end(within limit: Duration = .seconds(60)) async throws -> Int32? {
        _ = try await waitUntil(limit) { self.status != nil }
        return status
    }
}

/// Python with the packages that tests compare with.
package enum PythonEnvironment {
    /// The interpreter.
    package static var path: String {
        ProcessInfo.processInfo.environment["TRUVAPAY_TEST_PYTHON"] ?? Fixture.root + "/.venv/bin/python"
    }

    /// Whether it is there; `scripts/test.sh` makes it.
    package static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: path) }

    /// The text of one of the scripts beside the acceptance tests, by its name without `.py`.
    package static func script(_ name: String) throws -> String {
        try Fixture.text("Tests/AcceptanceTests/Python/\(name).py")
    }

    /// Starts a script that runs until it is told to end.
    package static func start(_ script: String, arguments: [String]) throws -> ChildProcess {
        try ChildProcess(path, ["-c", script] + arguments)
    }

    /// Runs a script to its end.
    package static func run(_ script: String, arguments: [String] = []) async throws -> (status: Int32, lines: [String]) {
        let child = try ChildProcess(path, ["-c", script] + arguments)
        let status = try await child.end(within: .seconds(120))
        // The last lines can come a moment after the end.
        try await Task.sleep(for: .milliseconds(100))
        return (status ?? -1, child.lines)
    }
}
