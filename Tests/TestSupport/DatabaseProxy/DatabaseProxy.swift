import Foundation
import Synchronization

/// Stands between a gateway and PostgreSQL and does to their connection what networks do: delay, silence, refusal, cuts.
///
/// Each connection has two threads of its own, one for each direction.
package final class DatabaseProxy: Sendable {
    /// What happens to the traffic.
    package struct Behaviour: Sendable {
        /// New connections are closed at once, and old ones are cut.
        package var isDown = false
        /// Bytes from the database wait so long.
        package var latency = Duration.zero
        /// So many of the next answers to a COMMIT never arrive: the connection is cut when the database has answered.
        package var commitsToLose = 0

        /// Passes everything on.
        package init() {}
    }

    /// The port on this machine that a gateway connects to.
    package let port: Int
    private let listener: Int32
    private let socketPath: String
    private let state = Mutex(Behaviour())
    private let open = Mutex<[ObjectIdentifier: ProxiedConnection]>([:])

    /// Listens for a server whose Unix socket is in `socketFolder`.
    package init(socketFolder: String) throws {
        socketPath = socketFolder + "/.s.PGSQL.5432"
        (listener, port) = try Sockets.listen()
        Thread.detachNewThread { [self] in
            // Closed here and nowhere else: a number that is free again may at once be another listener's.
            defer { Glibc.close(listener) }
            while let client = Sockets.accept(listener) {
                Thread.detachNewThread { [self] in serve(client) }
            }
        }
    }

    /// Changes what happens from now on.
    package func behave(_ change: (inout Behaviour) -> Void) {
        let isDown = state.withLock { state in
            change(&state)
            return state.isDown
        }
        if isDown { for connection in open.withLock({ $0.values }) { connection.cut() } }
    }

    /// How many answers to a COMMIT are still to be lost.
    package var commitsToLose: Int { state.withLock { $0.commitsToLose } }

    /// Stops listening and cuts what is open.
    package func close() {
        shutdown(listener, Int32(SHUT_RDWR))
        behave { $0.isDown = true }
    }

    private func serve(_ client: Int32) {
        guard !state.withLock({ $0.isDown }), let server = Sockets.connect(unixSocket: socketPath) else {
            Glibc.close(client)
            return
        }
        let connection = ProxiedConnection(client: client, server: server)
        open.withLock { $0[ObjectIdentifier(connection)] = connection }
        let commit = CommitWatch()
        Thread.detachNewThread { [self] in
            pump(connection, from: client, to: server) { bytes in commit.sawRequest(bytes) }
        }
        pump(connection, from: server, to: client) { [self] bytes in commit.isAnswered(bytes) && loseCommit() }
        open.withLock { $0[ObjectIdentifier(connection)] = nil }
    }

    private func loseCommit() -> Bool {
        state.withLock { state in
            guard state.commitsToLose > 0 else { return false }
            state.commitsToLose -= 1
            return true
        }
    }

    /// Passes bytes on until one side ends or `cuts` says to cut.
    private func pump(_ connection: ProxiedConnection, from source: Int32, to destination: Int32, cuts: ([UInt8]) -> Bool) {
        defer { connection.cut() }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            let bytes = Array(buffer[..<count])
            let latency = state.withLock { $0.latency }
            if latency > .zero { usleep(UInt32(latency / .microseconds(1))) }
            if cuts(bytes) { return }
            guard Sockets.sendAll(destination, bytes) else { return }
        }
    }
}

/// The two sides of a connection; both are closed when the last thread lets go, so that no thread meets another's descriptor.
private final class ProxiedConnection: Sendable {
    private let client: Int32
    private let server: Int32

    init(client: Int32, server: Int32) {
        self.client = client
        self.server = server
    }

    func cut() {
        shutdown(client, Int32(SHUT_RDWR))
        shutdown(server, Int32(SHUT_RDWR))
    }

    deinit {
        close(client)
        close(server)
    }
}

/// Notices when a COMMIT has gone to the database and when its answer comes back.
private final class CommitWatch: Sendable {
    private let isCommitting = Mutex(false)
    private static let request = Array("COMMIT".utf8)

    /// Looks at bytes for the database; never asks for a cut.
    func sawRequest(_ bytes: [UInt8]) -> Bool {
        if CommitWatch.contains(bytes, CommitWatch.request) { isCommitting.withLock { $0 = true } }
        return false
    }

    /// Whether these bytes of the database answer a COMMIT.
    func isAnswered(_ bytes: [UInt8]) -> Bool {
        isCommitting.withLock { isCommitting in
            guard isCommitting, CommitWatch.contains(bytes, CommitWatch.request) else { return false }
            isCommitting = false
            return true
        }
    }

    private static func contains(_ bytes: [UInt8], _ text: [UInt8]) -> Bool {
        guard bytes.count >= text.count else { return false }
        return (0...bytes.count - text.count).contains { bytes[$0] == text[0] && bytes[$0..<$0 + text.count].elementsEqual(text) }
    }
}
