import Foundation
import Synchronization

/// A TCP server that does to each connection exactly what a test wrote down.
final class ScriptedServer: Sendable {
    typealias Script = @Sendable (ScriptedConnection) -> Void

    private struct State {
        var connectionCount = 0
        var requests: [ReceivedRequest] = []
        var listener: Int32?
    }

    /// The port on 127.0.0.1 where it listens.
    let port: Int
    private let state: Mutex<State>

    /// Listens, and runs the script on a thread of its own for every connection; the connection is closed after it.
    init(_ script: @escaping Script) throws {
        let (listener, port) = try LoopbackListener.open(backlog: 1024)
        self.port = port
        state = Mutex(State(listener: listener))
        Thread.detachNewThread { [weak self] in
            // Closed here and nowhere else: a number that is free again may at once be another server's, whose connections this thread
            // would take.
            defer { close(listener) }
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { return }
                guard let self else {
                    close(descriptor)
                    return
                }
                self.serve(descriptor, script)
            }
        }
    }

    deinit {
        stopListening()
    }

    private func serve(_ descriptor: Int32, _ script: @escaping Script) {
        let number = state.withLock { state in
            state.connectionCount += 1
            return state.connectionCount
        }
        Thread.detachNewThread { [weak self] in
            let connection = ScriptedConnection(descriptor: descriptor, number: number) { request in
                self?.state.withLock { $0.requests.append(request) }
            }
            script(connection)
            connection.close()
        }
    }

    /// Takes no more connections: from now on they are refused.
    func stopListening() {
        let listener = state.withLock { $0.listener.take() }
        guard let listener else { return }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// An address on the server.
    func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Connections that were accepted so far.
    var connectionCount: Int { state.withLock { $0.connectionCount } }

    /// Requests that arrived whole, in order.
    var requests: [ReceivedRequest] { state.withLock { $0.requests } }
}

/// A request as it arrived.
struct ReceivedRequest: Sendable {
    /// The connection it came on, counted from 1.
    let connection: Int
    let head: String
    let body: [UInt8]

    /// The lines of the head.
    var lines: [String] { head.components(separatedBy: "\r\n") }

    /// The value of a header; nil when there is none.
    func header(_ name: String) -> String? {
        lines.dropFirst().first { $0.lowercased().hasPrefix(name.lowercased() + ":") }.map {
            $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
        }
    }
}

/// A listening socket on 127.0.0.1.
enum LoopbackListener {
    /// Why there is none.
    struct Failure: Error {
        let errorNumber: Int32
    }

    /// Listens on a port that the system chooses.
    static func open(backlog: Int32) throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(errorNumber: errno) }
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, backlog) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isListening else {
            defer { close(descriptor) }
            throw Failure(errorNumber: errno)
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// A port on which connecting takes for ever: it listens, accepts nothing, and its queue is full.
    static func openFull() throws -> (descriptors: [Int32], port: Int) {
        let (listener, port) = try open(backlog: 0)
        let clients = (0..<4).map { _ in
            let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
            var address = loopback(port: port)
            withUnsafePointer(to: &address) { pointer in
                _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            return client
        }
        return ([listener] + clients, port)
    }

    private static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
