import Glibc

/// One keep-alive connection to this machine that does one request after the other; as little work as can be, for the load generator
/// shares the cores with what it measures.
final class BlockingConnection {
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 4096)

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw BenchmarkError("nobody listens on port \(port)") }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// Sends a whole request and returns the status of the answer, which must fit one read of 4 KB or carry its length.
    func exchange(_ request: [UInt8]) throws -> Int {
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes { send(descriptor, $0.baseAddress?.advanced(by: sent), request.count - sent, 0) }
            guard count > 0 else { throw BenchmarkError("the gateway closed the connection") }
            sent += count
        }
        return try readAnswer()
    }

    private func readAnswer() throws -> Int {
        var count = 0
        while count < buffer.count {
            let read = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress?.advanced(by: count), $0.count - count, 0) }
            guard read > 0 else { throw BenchmarkError("the gateway closed the connection") }
            count += read
            if isComplete(count) {
                return buffer[9..<12].reduce(0) { $0 * 10 + Int($1) - 48 }
            }
        }
        throw BenchmarkError("the answer is longer than expected")
    }

    private func isComplete(_ count: Int) -> Bool {
        guard let head = position(of: Self.endOfHead, before: count) else { return false }
        guard let length = position(of: Self.contentLength, before: head) else { return true }
        let digits = buffer[length..<count].prefix { $0 >= 0x30 && $0 <= 0x39 }
        return count - head >= digits.reduce(0) { $0 * 10 + Int($1) - 0x30 }
    }

    /// Where a text ends that the answer holds.
    private func position(of text: [UInt8], before end: Int) -> Int? {
        guard end >= text.count else { return nil }
        return (0...end - text.count).first { buffer[$0..<$0 + text.count].elementsEqual(text) }.map { $0 + text.count }
    }

    private static let endOfHead = Array("\r\n\r\n".utf8)
    /// As our own server writes it.
    private static let contentLength = Array("Content-Length: ".utf8)
}
