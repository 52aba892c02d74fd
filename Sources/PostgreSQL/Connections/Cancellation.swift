internal import CPostgreSQL
import Dispatch

/// Asks the server to stop a running statement.
// Safety: libpq's cancel object is made for use from another thread, and this value hands it to exactly one closure, which frees it.
@safe
struct Cancellation: @unchecked Sendable {
    private let cancel: OpaquePointer

    /// Sends the request from a thread that may wait, because libpq does so on a connection of its own.
    static func request(for connection: OpaquePointer) {
        guard let cancel = unsafe PQgetCancel(connection) else { return }
        let cancellation = unsafe Cancellation(cancel: cancel)
        DispatchQueue.global().async { cancellation.send() }
    }

    private func send() {
        var message = [CChar](repeating: 0, count: 256)
        _ = unsafe PQcancel(cancel, &message, Int32(message.count))
        unsafe PQfreeCancel(cancel)
    }
}
