import Glibc

/// One kept connection to this machine that has at most one request under way.
final class LoadConnection {
    let descriptor: Int32
    /// The request under way; nil when there is none.
    var request: Int?
    /// What of the request is still to be sent.
    private var unsent = 0..<0
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    /// Bytes of the answer that have come.
    private var received = 0
    private var head: AnswerHead?
    /// The last bytes that have come, in which a body of pieces ends.
    private var tail: [UInt8] = []

    /// Connects, and never waits afterwards.
    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = LoopbackAddress.of(port: port)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            throw BenchmarkError("nobody listens on port \(port)")
        }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { close(descriptor) }

    /// Begins a request that lies at `range` of all prepared bytes.
    ///
    /// - Returns: whether it is sent as a whole; otherwise `flush` goes on when the kernel takes more.
    func begin(_ index: Int, _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) throws -> Bool {
        request = index
        received = 0
        head = nil
        tail.removeAll(keepingCapacity: true)
        unsent = range
        return try flush(bytes)
    }

    /// Sends what is left.
    func flush(_ bytes: UnsafeRawBufferPointer) throws -> Bool {
        while !unsent.isEmpty {
            let count = send(descriptor, bytes.baseAddress?.advanced(by: unsent.lowerBound), unsent.count, Int32(MSG_NOSIGNAL))
            if count < 0, errno == EAGAIN { return false }
            guard count > 0 else { throw BenchmarkError("a connection was closed while a request was sent") }
            unsent = unsent.lowerBound + count..<unsent.upperBound
        }
        return true
    }

    /// Reads what is there; the status of the answer once it is whole.
    func receive() throws -> Int? {
        // Of a long body only the length matters, so it goes over itself in the buffer.
        let offset = head == nil ? received : 0
        let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress?.advanced(by: offset), $0.count - offset, 0) }
        if count < 0, errno == EAGAIN { return nil }
        guard count > 0 else { throw BenchmarkError("a connection was closed, or the head of an answer is too long") }
        received += count
        tail = Array((tail + buffer[max(offset, offset + count - LastPiece.bytes.count)..<offset + count]).suffix(LastPiece.bytes.count))
        if head == nil { head = buffer.withUnsafeBytes { AnswerHead($0.prefix(received)) } }
        guard let head, head.answerLength.map({ received >= $0 }) ?? (tail == LastPiece.bytes) else {
            // What is left may have come meanwhile, and the kernel tells of news only.
            return count == buffer.count - offset ? try receive() : nil
        }
        return head.status
    }
}

/// How a body ends that comes in pieces (RFC 9112 section 7.1).
private enum LastPiece {
    static let bytes = Array("\r\n0\r\n\r\n".utf8)
}

/// The first lines of an answer.
private struct AnswerHead {
    let status: Int
    /// Bytes of the whole answer; nil when its body comes in pieces.
    let answerLength: Int?

    /// Nil while the head is not complete.
    init?(_ bytes: Slice<UnsafeRawBufferPointer>) {
        guard let end = AnswerHead.position(of: "\r\n\r\n", in: bytes), bytes.count > 12 else { return nil }
        status = bytes[9..<12].reduce(0) { $0 * 10 + Int($1) - 48 }
        let length = AnswerHead.position(of: "\r\ncontent-length: ", in: bytes[..<end]).map { start in
            bytes[start..<end].prefix { $0 >= 48 && $0 <= 57 }.reduce(0) { $0 * 10 + Int($1) - 48 }
        }
        let isInPieces = length == nil && AnswerHead.position(of: "\r\ntransfer-encoding: chunked", in: bytes[..<end]) != nil
        answerLength = isInPieces ? nil : end + (length ?? 0)
    }

    private static func isText(_ text: UnsafeBufferPointer<UInt8>, at start: Int, in bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
        for offset in 0..<text.count {
            let byte = bytes[start + offset]
            let isCapital = byte >= 65 && byte <= 90
            guard (isCapital ? byte + 32 : byte) == text[offset] else { return false }
        }
        return true
    }

    /// Where a text of small letters ends, however the answer writes it.
    private static func position(of text: StaticString, in bytes: Slice<UnsafeRawBufferPointer>) -> Int? {
        let length = text.utf8CodeUnitCount
        guard bytes.count >= length else { return nil }
        return text.withUTF8Buffer { text in
            for start in bytes.startIndex...bytes.endIndex - length where isText(text, at: start, in: bytes) { return start + length }
            return nil
        }
    }
}
