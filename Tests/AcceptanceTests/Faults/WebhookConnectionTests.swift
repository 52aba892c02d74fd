import Cryptography
import Foundation
import Glibc
import TestSupport
import Testing

/// What a connection that brings webhooks may bring besides, and in which pieces.
@Suite("Webhooks on one connection")
struct WebhookConnectionTests {
    private static func webhook(_ body: String, secret: String = Stage.stripeSecret, more: String = "") -> String {
        let time = Int(Date().timeIntervalSince1970)
        let code = HMACSHA256.authenticationCode(for: Array("\(time).\(body)".utf8), key: Array(secret.utf8))
        return """
            POST /webhooks/stripe HTTP/1.1\r
            Host: gateway.example\r
            Stripe-Signature: t=\(time),v1=\(Hexadecimal.encode(code))\r
            Content-Length: \(body.utf8.count)\r
            \(more)\r
            \(body)
            """
    }

    private static func event() -> String { Stage.event("payment_intent.succeeded", Stage.Intent()) }

    private static let probe = "GET /health/live HTTP/1.1\r\nHost: gateway.example\r\n\r\n"
    private static let close = "Connection: close\r\n"

    /// Sends the pieces with a pause before each but the first, then that nothing more comes, and reads the statuses of all answers.
    private static func statuses(_ pieces: [String], to port: Int, halfClose: Bool) async throws -> [Int] {
        let descriptor = try #require(Sockets.connect(port: port))
        defer { Glibc.close(descriptor) }
        for (index, piece) in pieces.enumerated() {
            if index > 0 { try await Task.sleep(for: .milliseconds(100)) }
            _ = Sockets.sendAll(descriptor, Array(piece.utf8))
        }
        if halfClose { shutdown(descriptor, Int32(SHUT_WR)) }
        var bytes: [UInt8] = []
        let hasEnded = try await waitUntil(.seconds(90)) {
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 { bytes += buffer[..<count] }
            return count == 0
        }
        #expect(hasEnded)
        return String(decoding: bytes, as: UTF8.self).components(separatedBy: "HTTP/1.1 ").dropFirst().compactMap { Int($0.prefix(3)) }
    }

    @Test("requests that come together are answered in their order, whoever answers them")
    func together() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            let events = [Self.event(), Self.event(), Self.event(), Self.event()]
            let requests = [
                Self.webhook(events[0]), Self.webhook(events[1], secret: "wrong"), Self.probe, Self.webhook(events[2]),
                "GET /nothing HTTP/1.1\r\nHost: gateway.example\r\n\r\n", Self.webhook(events[0]),
                Self.webhook(events[3], more: Self.close),
            ]
            let statuses = try await Self.statuses([requests.joined()], to: stage.ports.gateway, halfClose: false)
            #expect(statuses == [200, 400, 200, 200, 404, 200, 200])
            #expect(try await stage.settled())
            #expect(try await stage.webhooks().count == 3)
        }
    }

    @Test("a webhook that comes in pieces is answered as one that comes whole", arguments: [1, 100, 250, 400])
    func pieces(cut: Int) async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            let request = Self.webhook(Self.event()) + Self.webhook(Self.event())
            let pieces = [String(request.prefix(cut)), String(request.dropFirst(cut)), Self.webhook(Self.event(), more: Self.close)]
            let answered = try await Self.statuses(pieces, to: stage.ports.gateway, halfClose: false)
            #expect(answered == [200, 200, 200])
        }
    }

    @Test("who says at once that nothing more comes gets the answer all the same")
    func halfClosed() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            for _ in 0..<20 {
                let answered = try await Self.statuses([Self.webhook(Self.event())], to: stage.ports.gateway, halfClose: true)
                #expect(answered == [200])
            }
        }
    }

    @Test("a webhook without Host, to nobody, with a card number, or too large is refused as any request is")
    func refusals() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            let body = Self.event()
            let large = String(repeating: " ", count: 2_000_000)
            let requests = [
                (Self.webhook(body).replacing("Host: gateway.example\r\n", with: ""), 400),
                (Self.webhook(body).replacing("/webhooks/stripe", with: "/webhooks/nobody"), 404),
                (Self.webhook(body, more: "User-Agent: 4242424242424242\r\n"), 400),
                (Self.webhook(large, more: Self.close), 413),
            ]
            for (request, status) in requests {
                let answered = try await Self.statuses([request], to: stage.ports.gateway, halfClose: true)
                #expect(answered == [status])
            }
        }
    }
}
