import Foundation

/// One accepted connection in the hands of a script, which runs on one thread.
final class ScriptedConnection {
    /// Counted from 1.
    let number: Int
    private var descriptor: Int32?
    private var unread: [UInt8] = []
    private let note: (ReceivedRequest) -> Void

    init(descriptor: Int32, number: Int, note: @escaping (ReceivedRequest) -> Void) {
        self.descriptor = descriptor
        self.number = number
        self.note = note
        var limit = timeval(tv_sec: 600, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Reads a whole request; nil when the other side closed.
    @discardableResult
    func readRequest() -> ReceivedRequest? {
        while true {
            if let end = unread.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: unread[..<end.lowerBound], as: UTF8.self)
                let draft = ReceivedRequest(connection: number, head: head, body: [])
                let length = draft.header("Content-Length").flatMap { Int($0) } ?? 0
                while unread.count < end.upperBound + length {
                    guard receive() else { return nil }
                }
                let request = ReceivedRequest(
                    connection: number,
                    head: head,
                    body: Array(unread[end.upperBound..<(end.upperBound + length)])
                )
                unread.removeFirst(end.upperBound + length)
                note(request)
                return request
            }
            guard receive() else { return nil }
        }
    }

    /// Waits until the other side closes.
    func waitForEnd() {
        while receive() {}
    }

    private func receive() -> Bool {
        guard let descriptor else { return false }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        // A signal ends waiting on a socket with a time limit, even where signals let other calls go on.
        var count = 0
        repeat { count = read(descriptor, &buffer, buffer.count) } while count < 0 && errno == EINTR
        guard count > 0 else { return false }
        unread += buffer[..<count]
        return true
    }

    /// Sends bytes; false when the other side has gone.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        guard let descriptor else { return false }
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Sends text as it is.
    @discardableResult
    func send(_ text: String) -> Bool {
        send(Array(text.utf8))
    }

    /// Sends an answer with its length.
    @discardableResult
    func answer(_ status: String = "200 OK", headers: [String] = [], body: String = "ok") -> Bool {
        let lines = ["HTTP/1.1 \(status)"] + headers + ["Content-Length: \(body.utf8.count)", "", body]
        return send(lines.joined(separator: "\r\n"))
    }

    /// Answers every request until the other side closes.
    func answerAll() {
        while readRequest() != nil, answer() {}
    }

    /// Ends the connection in good order.
    func close() {
        guard let descriptor = descriptor.take() else { return }
        Glibc.close(descriptor)
    }

    /// Breaks the connection: the other side gets a reset instead of an end.
    func reset() {
        guard let descriptor = descriptor.take() else { return }
        var abort = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &abort, socklen_t(MemoryLayout<linger>.size))
        Glibc.close(descriptor)
    }
}
