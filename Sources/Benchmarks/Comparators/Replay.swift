import CReplay
import Foundation
import PostgreSQL

/// Batches of commands with their values ready for the wire, sent by plain libpq from C: what PostgreSQL takes at most, and for
/// comparators a caller that costs next to nothing.
// Safety: the C side is used by one call at a time; `run` is awaited before anything else is called.
final class Replay: @unchecked Sendable {
    private let handle: OpaquePointer
    private var statements: [Statement: Int32] = [:]

    /// Opens connections, each of which first runs `setup`.
    init(_ connectionString: String, connections: Int, setup: [String] = []) throws {
        var message = [CChar](repeating: 0, count: 512)
        let script = setup.joined(separator: ";")
        guard let handle = replay_open(connectionString, Int32(connections), script, &message, message.count) else {
            throw BenchmarkError(Replay.text(message))
        }
        self.handle = handle
    }

    deinit { replay_close(handle) }

    /// Runs statements separated by semicolons on a connection of their own.
    static func script(_ sql: String, on connectionString: String) throws {
        var message = [CChar](repeating: 0, count: 512)
        guard replay_script(connectionString, sql, &message, message.count) == 0 else { throw BenchmarkError(text(message)) }
    }

    /// Adds a transaction to what is sent; a single command goes without BEGIN and COMMIT.
    func add(_ commands: [Command]) throws {
        var bytes: [UInt8] = []
        func append(_ number: Int32) { withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) } }
        for command in commands {
            let parameters = command.parameters.map(\.encoded)
            append(try number(of: command.statement, types: parameters.map(\.type)))
            for parameter in parameters {
                append(parameter.bytes.map { Int32($0.count) } ?? -1)
                bytes.append(contentsOf: parameter.bytes ?? [])
            }
        }
        guard replay_add(handle, bytes, bytes.count) >= 0 else { throw failure }
    }

    /// Sends what was added, over all connections at the same time, until all is done or the time is over; then forgets it.
    ///
    /// - Returns: how many transactions were committed.
    func run(atMost secondsMax: Double = 600) async throws -> Int {
        let (seconds, count) = await OwnThread.run { [self] in
            var count: Int32 = 0
            let seconds = replay_run(handle, secondsMax, &count)
            return (seconds, count)
        }
        replay_clear(handle)
        guard seconds >= 0 else { throw failure }
        return Int(count)
    }

    private func number(of statement: Statement, types: [UInt32]) throws -> Int32 {
        if let number = statements[statement] { return number }
        let number = replay_prepare(handle, statement.sql, Int32(types.count), types)
        guard number >= 0 else { throw failure }
        statements[statement] = number
        return number
    }

    private var failure: BenchmarkError { BenchmarkError(String(cString: replay_message(handle))) }

    private static func text(_ message: [CChar]) -> String {
        String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// Threads for what blocks, so that it does not hold one of the few that carry all tasks.
enum OwnThread {
    /// Runs `body` on a thread of its own.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: body()) }
        }
    }
}
