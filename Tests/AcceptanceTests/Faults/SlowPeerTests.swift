import Foundation
import Glibc
import TestSupport
import Testing

/// Scenario 39: peers that are slow, silent or many.
@Suite("When peers are slow or many")
struct SlowPeerTests {
    private static let head = "POST /webhooks/stripe HTTP/1.1\r\nHost: gateway.example\r\nContent-Length: 1000\r\n"

    /// Sends a byte each half second until the gateway closes; tells after how long it did.
    private static func drip(_ bytes: [UInt8], port: Int, after begin: String) async throws -> Duration? {
        let descriptor = try #require(Sockets.connect(port: port))
        defer { close(descriptor) }
        let began = ContinuousClock.now
        _ = Sockets.sendAll(descriptor, Array(begin.utf8))
        for byte in bytes {
            try await Task.sleep(for: .milliseconds(500))
            if isClosed(descriptor) { return ContinuousClock.now - began }
            _ = Sockets.sendAll(descriptor, [byte])
        }
        return nil
    }

    /// Whether the peer has closed; what it sent before is read and forgotten.
    private static func isClosed(_ descriptor: Int32) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count == 0 { return true }
            if count < 0 { return errno != EAGAIN && errno != EWOULDBLOCK }
        }
    }

    @Test("a head or a body that comes byte by byte is cut off in time, and so is a peer that says nothing")
    func slow() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            let port = stage.ports.gateway
            async let head = Self.drip(Array("X-Slow: \(String(repeating: "a", count: 100))".utf8), port: port, after: Self.head)
            async let body = Self.drip(
                Array(String(repeating: " ", count: 100).utf8),
                port: port,
                after: Self.head + "Stripe-Signature: t=1,v1=00\r\n\r\n"
            )
            let silent = try #require(Sockets.connect(port: port))
            defer { close(silent) }
            let (headTime, bodyTime) = try await (head, body)
            #expect(headTime.map { $0 < .seconds(49) } == true)
            #expect(bodyTime.map { $0 < .seconds(49) } == true)
            #expect(try await waitUntil(.seconds(90)) { Self.isClosed(silent) })
        }
    }

    @Test("ten thousand connections stand idle: a probe is answered within a second, and so is a webhook")
    func many() async throws {
        let count = Self.allowedConnections(wanted: 10_000)
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            var descriptors: [Int32] = []
            defer { for descriptor in descriptors { close(descriptor) } }
            for _ in 0..<count { descriptors.append(try #require(Sockets.connect(port: stage.ports.gateway))) }
            var times: [(probe: Duration, webhook: Duration)] = []
            for _ in 0..<5 {
                let began = ContinuousClock.now
                #expect(try await stage.get("/health/live").status == 200)
                let probed = ContinuousClock.now
                #expect(try await stage.postBank(Stage.confirmation(reference: "NOBODY", amount: "1.00")).status == 200)
                times.append((probed - began, ContinuousClock.now - probed))
            }
            // Two in five may have been held up by what else the machine does.
            #expect(times.map(\.probe).sorted()[2] < .seconds(1), "\(times)")
            #expect(times.map(\.webhook).sorted()[2] < .seconds(1), "\(times)")
        }
    }

    /// Raises the limit of this process as far as the system lets it.
    private static func allowedConnections(wanted: Int) -> Int {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = min(limit.rlim_max, rlim_t(wanted + 2000))
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return max(100, Int(limit.rlim_cur) - 2000)
    }
}
