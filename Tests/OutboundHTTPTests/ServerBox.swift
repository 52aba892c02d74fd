import Synchronization

/// Lets a script reach the server that it belongs to.
final class ServerBox: Sendable {
    private let server = Mutex<ScriptedServer?>(nil)

    /// Keeps the server.
    func hold(_ server: ScriptedServer) {
        self.server.withLock { $0 = server }
    }

    /// Lets the server refuse all further connections.
    func stop() {
        server.withLock { $0.take() }?.stopListening()
    }
}
