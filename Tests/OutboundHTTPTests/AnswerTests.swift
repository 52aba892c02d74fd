import Foundation
import HTTPTypes
import OutboundHTTP
import Testing

@Suite("Answers")
struct AnswerTests {
    private let client = HTTPClient()

    /// Asks a server that gives one answer and then waits for the end.
    private func ask(_ answer: String, responseBytesMax: Int = 1000) async throws -> Result<OutboundResponse, OutboundError> {
        let server = try ScriptedServer { connection in
            connection.readRequest()
            connection.send(answer)
            connection.waitForEnd()
        }
        do throws(OutboundError) {
            return .success(try await client.execute(.post(server.url(), responseBytesMax: responseBytesMax)))
        } catch {
            return .failure(error)
        }
    }

    @Test("status, headers and body arrive as they were sent")
    func whole() async throws {
        let answer = "HTTP/1.1 402 Payment Required\r\nX-One: a\r\nx-one:  b \r\nX-Empty:\r\nContent-Length: 3\r\n\r\n\0é"
        let response = try await ask(answer).get()
        #expect(response.status == 402 && response.body == Array("\0é".utf8))
        let name = try #require(HTTPField.Name("X-One"))
        #expect(response.headers[values: name].map { $0.trimmingCharacters(in: .whitespaces) } == ["a", "b"])
        #expect(response.headers[try #require(HTTPField.Name("X-Empty"))] == "")
    }

    @Test("a chunked body is put together")
    func chunked() async throws {
        let response = try await ask("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n").get()
        #expect(response.body == Array("abcde".utf8))
    }

    @Test("headers of an interim answer are not those of the answer")
    func interim() async throws {
        let response = try await ask("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 204 No Content\r\nX-Late: 1\r\n\r\n").get()
        #expect(response.status == 204 && response.body.isEmpty)
        #expect(response.headers.map(\.name.rawName) == ["X-Late"])
    }

    @Test("a body may be as large as the limit, with and without a length")
    func asLargeAsTheLimit() async throws {
        let body = String(repeating: "x", count: 1000)
        #expect(try await ask("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n\(body)").get().body.count == 1000)
        #expect(try await ask("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n\(body)\r\n0\r\n\r\n").get().body.count == 1000)
    }

    @Test(
        "an answer larger than the limit is given up, and the outcome is unknown",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n" + String(repeating: "x", count: 1001),
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + String(repeating: "x", count: 1001) + "\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + String(repeating: "x", count: 100_000),
        ]
    )
    func tooLargeBody(answer: String) async throws {
        let result = try await ask(answer)
        #expect(throws: OutboundError.self) { try result.get() }
        guard case .failure(let failure) = result else { return }
        #expect(failure.code == .responseTooLarge && failure.wasSent == .unknown)
    }

    @Test("headers without end are given up, in many lines and in one", arguments: ["X-Line: 0123456789\r\n", "0123456789"])
    func tooLargeHeaders(piece: String) async throws {
        let server = try ScriptedServer { connection in
            connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nX-First: ")
            let pieces = String(repeating: piece, count: 1000)
            while connection.send(pieces) {}
        }
        let failure = await client.failure(.post(server.url()))
        #expect(failure?.code == .responseTooLarge && failure?.wasSent == .unknown, "\(failure.debugDescription)")
    }

    @Test("a redirect is an answer like any other", arguments: [301, 302, 303, 307, 308])
    func redirect(status: Int) async throws {
        let elsewhere = try ScriptedServer { $0.answerAll() }
        let place = elsewhere.url("/elsewhere")
        let response = try await ask("HTTP/1.1 \(status) Moved\r\nLocation: \(place)\r\nContent-Length: 0\r\n\r\n").get()
        #expect(response.status == status && response.headers[.location] == place)
        #expect(elsewhere.connectionCount == 0)
    }

    @Test("a redirect is followed where it was asked for, but not without end and not out of HTTP")
    func followedRedirect() async throws {
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                switch request.lines[0] {
                case "GET /start HTTP/1.1": connection.answer("302 Found", headers: ["Location: /end", "X-Hop: 1"])
                case "GET /circle HTTP/1.1": connection.answer("302 Found", headers: ["Location: /circle"])
                case "GET /file HTTP/1.1": connection.answer("302 Found", headers: ["Location: file:///etc/hostname"])
                default: connection.answer(body: "arrived")
                }
            }
        }
        let response = try await client.execute(.get(server.url("/start"), followsRedirects: true))
        #expect(response.status == 200 && response.body == Array("arrived".utf8))
        #expect(!response.headers.contains { $0.name.rawName == "X-Hop" })
        for path in ["/circle", "/file"] {
            let failure = await client.failure(.get(server.url(path), followsRedirects: true))
            #expect(failure?.code == .malformedResponse && failure?.wasSent == .unknown, "\(path): \(failure.debugDescription)")
        }
    }
}
