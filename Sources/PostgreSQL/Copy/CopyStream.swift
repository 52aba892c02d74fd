import Synchronization

/// What a `COPY … TO STDOUT` sends, in pieces of whole rows.
///
/// It is read as fast as it is used: when some pieces wait, the socket is left alone, and the server waits, too.
package final class CopyStream: Sendable {
    private struct State {
        var ready: [[UInt8]] = []
        var end: Result<Void, PostgresError>?
        var waiting: CheckedContinuation<Void, Never>?
        var isPaused = false
    }

    private let state = Mutex(State())
    private let resume: @Sendable () -> Void

    /// A piece is handed over when it has grown to this.
    static let pieceBytes = 256 * 1024
    private static let readyMax = 2

    /// `resume` is called when there is room again after a pause.
    init(resume: @escaping @Sendable () -> Void) {
        self.resume = resume
    }

    /// The next rows, or nil after the last; used by one task at a time.
    ///
    /// - Throws: `PostgresError` when the server or the connection failed.
    package func next() async throws(PostgresError) -> [UInt8]? {
        while true {
            let (piece, end, mustResume) = state.withLock { state -> ([UInt8]?, Result<Void, PostgresError>?, Bool) in
                guard !state.ready.isEmpty else { return (nil, state.end, false) }
                let mustResume = state.isPaused
                state.isPaused = false
                return (state.ready.removeFirst(), nil, mustResume)
            }
            if mustResume { resume() }
            if let piece { return piece }
            if let end {
                try end.get()
                return nil
            }
            await wait()
        }
    }

    private func wait() async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                guard state.ready.isEmpty, state.end == nil else { return true }
                state.waiting = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    /// Takes a piece; false when no more are wanted until `resume` is called.
    func append(_ piece: [UInt8]) -> Bool {
        let (waiting, isWanted) = state.withLock { state in
            state.ready.append(piece)
            state.isPaused = state.ready.count >= CopyStream.readyMax
            defer { state.waiting = nil }
            return (state.waiting, !state.isPaused)
        }
        waiting?.resume()
        return isWanted
    }

    /// Whether nothing is wanted now.
    var isPaused: Bool { state.withLock { $0.isPaused } }

    /// Says that nothing more comes.
    func end(_ result: Result<Void, PostgresError>) {
        let waiting = state.withLock { state in
            state.end = result
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume()
    }
}

extension Session {
    /// Runs one `COPY (…) TO STDOUT` and lends its rows to `body`; when `body` ends before the last, the connection is closed.
    ///
    /// - Throws: `PostgresError`, and whatever `body` throws.
    package func copyOut<Value: Sendable>(_ sql: String, _ body: (CopyStream) async throws -> Value) async throws -> Value {
        let stream = makeCopyStream()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do throws(PostgresError) {
                    try await self.run(copying: sql, into: stream)
                    stream.end(.success(()))
                } catch {
                    stream.end(.failure(error))
                }
            }
            defer { group.cancelAll() }
            return try await body(stream)
        }
    }
}
