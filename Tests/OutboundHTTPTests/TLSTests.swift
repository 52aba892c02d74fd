import Foundation
import OutboundHTTP
import TestSupport
import Testing

@Suite("TLS", .enabled(if: TLSServer.isAvailable))
struct TLSTests {
    private func client(trusting server: TLSServer) -> HTTPClient {
        HTTPClient(configuration: HTTPClientConfiguration(additionalAuthoritiesFile: server.certificate))
    }

    @Test("a certificate that nobody trusts is refused, and nothing is sent")
    func untrusted() async throws {
        let server = try await TLSServer.openssl()
        let failure = await HTTPClient().failure(.post(server.url()))
        #expect(failure?.code == .tlsFailed && failure?.wasSent == .no)
    }

    @Test("the same certificate is accepted where it was made trusted, but not for another name")
    func trusted() async throws {
        let server = try await TLSServer.openssl()
        let client = client(trusting: server)
        #expect(try await client.execute(.get(server.url())).status == 200)
        let failure = await client.failure(.post(server.url(host: "127.0.0.1")))
        #expect(failure?.code == .tlsFailed && failure?.wasSent == .no)
    }

    @Test("a server without TLS gets nothing of the request")
    func plainTextServer() async throws {
        let server = try ScriptedServer { connection in
            connection.send("HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.waitForEnd()
        }
        let failure = await HTTPClient().failure(.post("https://127.0.0.1:\(server.port)/"))
        #expect(failure?.code == .tlsFailed && failure?.wasSent == .no)
    }

    @Test("a handshake that nobody answers is a connection that does not come about")
    func silentHandshake() async throws {
        let server = try ScriptedServer { $0.waitForEnd() }
        let failure = await HTTPClient().failure(.post("https://127.0.0.1:\(server.port)/", connect: .milliseconds(300)))
        #expect(failure?.code == .connectTimedOut && failure?.wasSent == .no)
    }

    @Test("HTTP/2 is spoken where the server offers it", .enabled(if: PythonEnvironment.isAvailable))
    func version2() async throws {
        let server = try await TLSServer.python(TLSScripts.version2)
        let client = client(trusting: server)
        let body = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
        for _ in 0..<2 {
            let response = try await client.execute(.post(server.url(), body: body))
            #expect(response.status == 200 && String(decoding: response.body, as: UTF8.self) == "h2 300000")
        }
        let failure = await client.failure(.post(server.url("/reset"), body: Array("reset".utf8)))
        #expect(failure?.wasSent == .unknown)
    }

    @Test("a kept connection to a private address is no way around the rule for public ones", .enabled(if: PythonEnvironment.isAvailable))
    func keptConnection() async throws {
        let server = try await TLSServer.python(TLSScripts.version1)
        let client = client(trusting: server)
        #expect(try await client.execute(.get(server.url())).status == 200)
        let failure = await client.failure(.get(server.url(), destination: .publicOnly))
        #expect(failure?.code == .refusedDestination && failure?.wasSent == .no)
    }
}
