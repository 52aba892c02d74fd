import Foundation
import Testing

@testable import OutboundHTTP

/// Addresses that come from data must not reach into our own networks.
@Suite("Destinations")
struct DestinationTests {
    private let client = HTTPClient()

    @Test(
        "addresses of private and special networks are refused, however they are written",
        arguments: [
            "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
            "169.254.169.254", "192.0.2.1", "198.18.0.1", "203.0.113.1", "224.0.0.1", "255.255.255.255", "localhost", "2130706433",
            "0x7f000001", "127.1", "0177.0.0.1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[::127.0.0.1]", "[fe80::1]",
            "[fc00::1]", "[fd12:3456::1]", "[ff02::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:db8::1]",
        ]
    )
    func refused(host: String) async {
        let failure = await client.failure(.get("https://\(host)/", destination: .publicOnly))
        #expect(failure?.code == .refusedDestination && failure?.wasSent == .no, "\(failure.debugDescription)")
    }

    @Test("a listening server on a refused address sees no connection")
    func noConnection() async throws {
        let server = try ScriptedServer { _ in }
        let failure = await client.failure(.get("https://localhost:\(server.port)/", destination: .publicOnly))
        #expect(failure?.code == .refusedDestination)
        #expect(server.connectionCount == 0)
        #expect(await client.failure(.get("https://localhost:\(server.port)/"))?.code != .refusedDestination)
    }

    @Test("without TLS nothing goes to an address that comes from data")
    func plainText() async {
        let failure = await client.failure(.get("http://example.com/", destination: .publicOnly))
        #expect(failure?.code == .refusedDestination && failure?.wasSent == .no)
    }

    @Test(
        "the neighbours of refused networks are public",
        arguments: [
            "1.0.0.0", "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
            "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0",
            "198.17.255.255", "198.20.0.0", "223.255.255.255",
        ]
    )
    func neighbours(address: String) throws {
        #expect(PublicAddress.isPublic(version4: try version4(address)))
    }

    @Test(
        "IPv6: global unicast is public, everything else is not",
        arguments: [
            ("2606:4700:4700::1111", true), ("2a00:1450:4001::1", true), ("3ffe:ffff::1", true), ("::ffff:1.1.1.1", true),
            ("64:ff9b::1.1.1.1", true), ("::ffff:192.168.0.1", false), ("64:ff9b::10.0.0.1", false), ("64:ff9b:1::1.1.1.1", false),
            ("::1.1.1.1", false), ("100::1", false), ("2001::1", false), ("2001:2::1", false), ("2001:20::1", false),
            ("2001:db8:ffff::1", false), ("2002:101:101::1", false), ("3fff::1", false), ("4000::1", false), ("fec0::1", false),
        ]
    )
    func version6(address: String, isPublic: Bool) throws {
        var parsed = in6_addr()
        try #require(inet_pton(AF_INET6, address, &parsed) == 1)
        let (high, low) = withUnsafeBytes(of: &parsed) { bytes in
            (UInt64(bigEndian: bytes.load(as: UInt64.self)), UInt64(bigEndian: bytes.load(fromByteOffset: 8, as: UInt64.self)))
        }
        #expect(PublicAddress.isPublic(high: high, low: low) == isPublic)
    }

    private func version4(_ text: String) throws -> UInt32 {
        var parsed = in_addr()
        try #require(inet_pton(AF_INET, text, &parsed) == 1)
        return UInt32(bigEndian: parsed.s_addr)
    }
}
