import Foundation
import HTTPTypes
import OutboundHTTP
import Testing

/// For every failure: its code, and whether the request may have had its effect.
@Suite("Failures")
struct FailureTests {
    /// Beside the whole suite two requests may lie far apart.
    private let client = HTTPClient(configuration: HTTPClientConfiguration(connectionIdleMax: .seconds(600)))

    @Test("a refused connection: never sent")
    func refused() async throws {
        let (descriptor, port) = try LoopbackListener.open(backlog: 1)
        close(descriptor)
        let failure = await client.failure(.post("http://127.0.0.1:\(port)/"))
        #expect(failure?.code == .couldNotConnect && failure?.wasSent == .no)
    }

    @Test("a name that does not exist: never sent")
    func unknownHost() async {
        let failure = await client.failure(.post("http://nobody.invalid/", connect: .seconds(30), total: .seconds(40)))
        #expect(failure?.code == .couldNotResolve && failure?.wasSent == .no)
    }

    @Test("a connection that does not come about in time: never sent")
    func connectTimeOut() async throws {
        let (descriptors, port) = try LoopbackListener.openFull()
        defer { for descriptor in descriptors { close(descriptor) } }
        let started = ContinuousClock.now
        let failure = await client.failure(.post("http://127.0.0.1:\(port)/", connect: .milliseconds(300)))
        #expect(failure?.code == .connectTimedOut && failure?.wasSent == .no)
        #expect(ContinuousClock.now - started < .seconds(60))
    }

    @Test("no answer in time: sent, outcome unknown")
    func timeOut() async throws {
        let server = try ScriptedServer { connection in
            connection.readRequest()
            connection.waitForEnd()
        }
        let started = ContinuousClock.now
        let failure = await client.failure(.post(server.url(), total: .milliseconds(500)))
        #expect(failure?.code == .timedOut && failure?.wasSent == .unknown)
        #expect(server.requests.map(\.body) == [Array("body".utf8)])
        #expect((.milliseconds(400) ..< .seconds(60)).contains(ContinuousClock.now - started))
    }

    @Test("an answer that drips is cut off by the total time: outcome unknown")
    func dripping() async throws {
        let server = try ScriptedServer { connection in
            connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while connection.send("x") { usleep(20_000) }
        }
        let failure = await client.failure(.post(server.url(), total: .milliseconds(600)))
        #expect(failure?.code == .timedOut && failure?.wasSent == .unknown)
    }

    @Test("a connection that ends before the answer: outcome unknown")
    func endBeforeAnswer() async throws {
        let server = try ScriptedServer { $0.readRequest() }
        let failure = await client.failure(.post(server.url()))
        #expect(failure?.code == .connectionLost && failure?.wasSent == .unknown)
        #expect(server.requests.count == 1)
    }

    @Test(
        "a connection that ends within the answer: outcome unknown",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "HTTP/1.1 200 OK\r\nContent-Len",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf",
        ],
        [false, true]
    )
    func endWithinAnswer(beginning: String, isReset: Bool) async throws {
        let server = try ScriptedServer { connection in
            connection.readRequest()
            connection.send(beginning)
            guard isReset else { return }
            usleep(50_000)
            connection.reset()
        }
        let failure = await client.failure(.post(server.url()))
        #expect(failure?.code == .connectionLost && failure?.wasSent == .unknown, "\(failure.debugDescription)")
    }

    @Test(
        "an answer that is not HTTP: outcome unknown",
        arguments: [
            "220 smtp.example ESMTP ready\r\n", "<html>hello</html>", "HTTP/7.3 200 OK\r\n\r\n", "\0\u{1}\u{2}\u{3}\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nbody",
        ]
    )
    func malformed(answer: String) async throws {
        let server = try ScriptedServer { connection in
            connection.readRequest()
            connection.send(answer)
        }
        let failure = await client.failure(.post(server.url()))
        #expect(failure?.code == .malformedResponse && failure?.wasSent == .unknown, "\(failure.debugDescription)")
    }

    @Test("a request that left on a kept connection is never called unsent, whatever the second attempt meets")
    func lostOnKeptConnection() async throws {
        let gone = ServerBox()
        let server = try ScriptedServer { connection in
            connection.readRequest()
            connection.answer()
            guard connection.readRequest() != nil else { return }
            gone.stop()
        }
        gone.hold(server)
        #expect(try await client.execute(.post(server.url())).status == 200)
        let failure = await client.failure(.post(server.url()))
        #expect(server.requests.count == 2)
        #expect(failure?.wasSent == .unknown, "\(failure.debugDescription)")
    }

    @Test("descriptions name the host and nothing that could be secret")
    func descriptions() async throws {
        let server = try ScriptedServer { $0.readRequest() }
        let request = OutboundRequest.post(
            server.url("/hidden-path?key=hidden-query"),
            headers: [.authorization: "hidden-header"],
            body: Array("hidden-body".utf8)
        )
        let failure = try #require(await client.failure(request))
        #expect(failure.description == "connection_lost at 127.0.0.1:\(server.port) (sent: unknown)")
        #expect(!String(reflecting: failure).contains("hidden"))
    }
}
