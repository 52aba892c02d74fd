import Foundation
import Glibc
import PostgreSQL
import Synchronization

/// A program that a test runs.
package final class ChildProcess: Sendable {
    private struct State {
        var lines: [String] = []
        var rest = Data()
        var isComplete = false
    }

    private let state = Mutex(State())
    private let ending = Mutex<Int32?>(nil)
    /// The number by which the system knows it.
    package let pid: Int32

    /// Starts a program; what it says on both outputs is gathered by lines.
    package init(_ path: String, _ arguments: [String], environment: [String: String] = [:], folder: String? = nil) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw POSIXError(.EMFILE) }
        let (readEnd, writeEnd) = (ends[0], ends[1])
        defer { close(writeEnd) }
        let all = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }.map { "\($0)=\($1)" }
        guard let pid = Spawn.start(path, arguments, environment: all, folder: folder, output: writeEnd) else {
            close(readEnd)
            throw POSIXError(.ENOENT)
        }
        self.pid = pid
        // Threads of their own: both wait, which the threads that Swift's tasks share must not.
        Thread.detachNewThread { self.readLines(readEnd) }
        Thread.detachNewThread { self.waitForEnd() }
    }

    private func readLines(_ descriptor: Int32) {
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return state.withLock { $0.isComplete = true } }
            take(Data(buffer[..<count]))
        }
    }

    private func waitForEnd() {
        let status = Spawn.end(of: pid)
        ending.withLock { $0 = status }
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

    /// What it ended with, or 128 and the number of the signal that ended it; nil while it runs.
    package var status: Int32? { ending.withLock { $0 } }

    /// Whether it has ended and all that it said is known.
    private var isOver: Bool { status != nil && state.withLock { $0.isComplete } }

    /// Sends a signal, unless it has ended.
    package func send(_ signal: Int32) {
        ending.withLock { ending in
            if ending == nil { kill(pid, signal) }
        }
    }

    /// Waits for a line that contains a text; nil when the time ran out or it ended.
    package func line(containing text: String, within limit: Duration = .seconds(30)) async throws -> String? {
        _ = try await waitUntil(limit) { self.isOver || self.lines.contains { $0.contains(text) } }
        return lines.first { $0.contains(text) }
    }

    /// Waits for its end, and for what it said last; nil when the time ran out.
    package func end(within limit: Duration = .seconds(120)) async throws -> Int32? {
        _ = try await waitUntil(limit) { self.status != nil }
        // What it left behind may hold the other end open.
        if status != nil { _ = try await waitUntil(.seconds(2)) { self.isOver } }
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
        let status = try await child.end()
        return (status ?? -1, child.lines)
    }
}
