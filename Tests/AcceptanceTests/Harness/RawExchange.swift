import Foundation
import Glibc
import HTTPTypes
import TestSupport

/// Requests that no HTTP client would send.
enum RawExchange {
    /// Sends the parts of a request with a pause before each but the first, and reads the answer until the gateway closes.
    static func send(_ parts: [String], pause: Duration = .zero, port: Int) async throws -> Stage.Answer {
        guard let descriptor = Sockets.connect(port: port) else { throw StageError("nobody listens on \(port)") }
        defer { close(descriptor) }
        for (index, part) in parts.enumerated() {
            if index > 0 { try await Task.sleep(for: pause) }
            _ = Sockets.sendAll(descriptor, Array(part.utf8))
        }
        var bytes: [UInt8] = []
        let hasEnded = try await waitUntil(.seconds(90)) { readAll(descriptor, into: &bytes) }
        guard hasEnded, let answer = answer(bytes) else {
            throw StageError("no whole answer: \(String(decoding: bytes, as: UTF8.self))")
        }
        return answer
    }

    /// Reads what has arrived; true when the other side has closed.
    private static func readAll(_ descriptor: Int32, into bytes: inout [UInt8]) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count == 0 { return true }
            if count < 0 { return errno != EAGAIN && errno != EWOULDBLOCK }
            bytes += buffer[..<count]
        }
    }

    private static func answer(_ bytes: [UInt8]) -> Stage.Answer? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        var headers = HTTPFields()
        for line in lines.dropFirst() {
            let field = line.split(separator: ":", maxSplits: 1)
            guard field.count == 2, let name = HTTPField.Name(String(field[0])) else { return nil }
            headers[name] = field[1].trimmingCharacters(in: .whitespaces)
        }
        return Stage.Answer(status: status, headers: headers, body: Array(text[end.upperBound...].utf8))
    }
}
