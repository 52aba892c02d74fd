import HTTPTypes
import OutboundHTTP
import Testing

@Suite("Requests")
struct RequestTests {
    private let client = HTTPClient()

    @Test("bodies of every size arrive whole", arguments: [0, 1, 65_536, 5_000_000])
    func bodies(size: Int) async throws {
        let server = try ScriptedServer { $0.answerAll() }
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let response = try await client.execute(.post(server.url("/path?query=1"), headers: [.contentType: "a/b"], body: body))
        let request = try #require(server.requests.first)
        #expect(response.status == 200 && request.body == body)
        #expect(request.lines[0] == "POST /path?query=1 HTTP/1.1")
        #expect(request.header("Content-Length") == "\(size)" && request.header("Content-Type") == "a/b")
        #expect(request.header("Expect") == nil && request.header("Transfer-Encoding") == nil)
    }

    @Test("every method is sent as it is", arguments: [HTTPRequest.Method.get, .post, .put, .patch, .delete])
    func methods(method: HTTPRequest.Method) async throws {
        let server = try ScriptedServer { $0.answerAll() }
        for body in [[], Array("body".utf8)] {
            _ = try await client.execute(OutboundRequest(method: method, url: server.url(), body: body))
        }
        #expect(server.requests.map { $0.lines[0] } == Array(repeating: "\(method.rawValue) / HTTP/1.1", count: 2))
        #expect(server.requests.map(\.body) == [[], Array("body".utf8)])
    }

    @Test("HEAD does not wait for a body")
    func head() async throws {
        let server = try ScriptedServer { connection in
            connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n")
            connection.waitForEnd()
        }
        let response = try await client.execute(OutboundRequest(method: .head, url: server.url()))
        #expect(response.status == 200 && response.body.isEmpty)
    }

    @Test("headers are sent once each, empty ones too, and none that nobody set")
    func headers() async throws {
        let server = try ScriptedServer { $0.answerAll() }
        let empty = try #require(HTTPField.Name("X-Empty"))
        let headers: HTTPFields = [.authorization: "Bearer secret", empty: "", .accept: "application/json"]
        _ = try await client.execute(.post(server.url(), headers: headers))
        let names = server.requests.first?.lines.dropFirst().map { $0.prefix { $0 != ":" }.lowercased() }.sorted()
        #expect(names == ["accept", "authorization", "content-length", "host", "user-agent", "x-empty"])
        #expect(server.requests.first?.header("User-Agent") == "TruvaPay")
        #expect(server.requests.first?.header("Host") == "127.0.0.1:\(server.port)")
    }

    @Test("a line break in a header's value cannot begin another header", arguments: ["\r\n", "\n", "\r", "\r\n ", "\0"])
    func headerInjection(lineBreak: String) async throws {
        let server = try ScriptedServer { $0.answerAll() }
        let name = try #require(HTTPField.Name("X-Order"))
        let value = "one\(lineBreak)X-Injected: two\(lineBreak)\(lineBreak)GET /injected HTTP/1.1"
        let failure = await client.failure(.post(server.url(), headers: [name: value]))
        guard failure == nil else {
            #expect(failure?.wasSent == .no && server.connectionCount == 0)
            return
        }
        let request = try #require(server.requests.first)
        #expect(server.requests.count == 1 && request.header("X-Injected") == nil)
        #expect(request.header("X-Order")?.hasPrefix("one") == true && request.body == Array("body".utf8))
    }

    @Test(
        "an address that could be read in two ways is refused before anything happens",
        arguments: [
            "", "127.0.0.1", "http://", "http:///path", "ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/",
            "http://user:password@127.0.0.1/", "http://127.0.0.1@elsewhere.example/", "http://127.0.0.1\\@elsewhere.example/",
            "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX-Injected: 1", "http://127.0.0.1/\0", "http://127.0.0.1/é", "http://ü.example/",
            "http://127.0.0.1:99999/", "http://127.0.0.1:port/", "http://[::1/",
        ]
    )
    func ambiguousAddresses(url: String) async {
        let failure = await client.failure(.post(url))
        #expect(failure?.code == .invalidURL && failure?.wasSent == .no, "\(failure.debugDescription)")
    }
}
