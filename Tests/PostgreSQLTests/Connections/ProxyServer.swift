import Foundation
import Glibc
import Synchronization

/// Stands between libpq and a server, passes all bytes on, and can cut the connection at a chosen moment.
final class ProxyServer: Sendable {
    /// When the connection is cut, once.
    enum Cut: Sendable {
        /// When the client's bytes hold the text, which the server then never sees.
        case before(String)
        /// When the server has answered bytes that hold the first text with bytes that hold the second, which the client then never sees.
        case after(String, answer: String)
    }

    private struct State {
        var cut: Cut?
        var isAsked = false
        var cutCount = 0
    }

    let folder: String
    private let target: String
    private let listener: Int32
    private let state = Mutex(State())
    private let pairs = Mutex<[Pair]>([])

    /// `target` is the folder of the server's socket.
    init(target: String) throws {
        self.target = target
        folder = "/tmp/truvapay-proxy-\(UUID().uuidString.prefix(8))"
        listener = try UnixSocket.listen(folder: folder)
        let thread = Thread { [weak self, listener] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0, let self, self.serve(client) else { return }
            }
        }
        thread.start()
    }

    /// Ends the listening thread; connections end with their clients.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Cuts every connection at once.
    func cutAll() {
        pairs.withLock { pairs in
            for pair in pairs { pair.cut() }
            pairs = []
        }
    }

    func cutOnce(_ cut: Cut) {
        state.withLock { $0 = State(cut: cut, isAsked: false, cutCount: $0.cutCount) }
    }

    var cutCount: Int { state.withLock { $0.cutCount } }

    private func serve(_ client: Int32) -> Bool {
        guard let server = UnixSocket.connect(folder: target) else {
            close(client)
            return true
        }
        let pair = Pair(client: client, server: server)
        pairs.withLock { $0.append(pair) }
        Thread { [self] in pass(from: client, to: server, pair) { mustCutRequest($0) } }.start()
        Thread { [self] in pass(from: server, to: client, pair) { mustCutAnswer($0) } }.start()
        return true
    }

    /// The two sides of a connection; both are closed when the last thread lets go.
    private final class Pair: Sendable {
        let client: Int32
        let server: Int32

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

    private func pass(from source: Int32, to target: Int32, _ pair: Pair, _ mustCut: (Data) -> Bool) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(source, &buffer, buffer.count)
            guard count > 0, !mustCut(Data(buffer[..<count])) else { return pair.cut() }
            var sent = 0
            while sent < count {
                let more = buffer[sent..<count].withUnsafeBytes { send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                guard more > 0 else { return pair.cut() }
                sent += more
            }
        }
    }

    private func mustCutRequest(_ bytes: Data) -> Bool {
        state.withLock { state in
            switch state.cut {
            case .before(let text):
                guard bytes.contains(text) else { return false }
                state.cut = nil
                state.cutCount += 1
                return true
            case .after(let text, _):
                if bytes.contains(text) { state.isAsked = true }
                return false
            case nil: return false
            }
        }
    }

    private func mustCutAnswer(_ bytes: Data) -> Bool {
        state.withLock { state in
            guard case .after(_, let answer) = state.cut, state.isAsked, bytes.contains(answer) else { return false }
            state.cut = nil
            state.cutCount += 1
            return true
        }
    }
}

extension Data {
    fileprivate func contains(_ text: String) -> Bool {
        range(of: Data(text.utf8)) != nil
    }
}
