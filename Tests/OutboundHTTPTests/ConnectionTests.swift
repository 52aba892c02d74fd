import Foundation
import OutboundHTTP
import TestSupport
import Testing

@Suite("Connections")
struct ConnectionTests {
    /// Beside the whole suite two requests may lie far apart.
    private static let patient = HTTPClientConfiguration(connectionIdleMax: .seconds(600))

    @Test("requests one after another share a connection")
    func reuse() async throws {
        let client = HTTPClient(configuration: Self.patient)
        let server = try ScriptedServer { $0.answerAll() }
        for _ in 0..<3 { #expect(try await client.execute(.post(server.url())).status == 200) }
        #expect(server.requests.map(\.connection) == [1, 1, 1])
    }

    @Test("a connection that the server closed between two requests is not an error")
    func closedBetween() async throws {
        let client = HTTPClient()
        let server = try ScriptedServer { connection in
            connection.readRequest()
            connection.answer()
        }
        for _ in 0..<3 {
            #expect(try await client.execute(.post(server.url())).status == 200)
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(server.requests.map(\.connection) == [1, 2, 3])
    }

    @Test("two hundred requests at once are all answered, each with its own answer, on no more connections than allowed")
    func manyAtOnce() async throws {
        let client = HTTPClient(configuration: HTTPClientConfiguration(connectionsPerHostMax: 16))
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                connection.answer(body: String(decoding: request.body, as: UTF8.self))
            }
        }
        let answers = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
            for number in 0..<200 {
                group.addTask { (number, try await client.execute(.post(server.url(), body: Array("\(number)".utf8))).body) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 200 && answers.allSatisfy { $0.1 == Array("\($0.0)".utf8) })
        #expect(server.requests.count == 200 && (1...16).contains(server.connectionCount))
    }

    @Test("a cancelled request ends at once, and its connection is not used again")
    func cancellation() async throws {
        let client = HTTPClient(configuration: Self.patient)
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                if request.body == Array("slow".utf8) {
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
                    connection.waitForEnd()
                } else {
                    connection.answer()
                }
            }
        }
        #expect(try await client.execute(.post(server.url())).status == 200)
        let slow = Task { await client.failure(.post(server.url(), body: Array("slow".utf8))) }
        try #require(await waitUntil(.seconds(90)) { server.requests.count == 2 })
        let cancelled = ContinuousClock.now
        slow.cancel()
        let failure = await slow.value
        #expect(failure?.code == .cancelled && failure?.wasSent == .unknown)
        #expect(ContinuousClock.now - cancelled < .seconds(60))
        #expect(try await client.execute(.post(server.url())).body == Array("ok".utf8))
        #expect(server.requests.map(\.connection) == [1, 1, 2])
    }

    @Test("a request of a task that is cancelled already is never sent")
    func cancelledBefore() async throws {
        let client = HTTPClient()
        let server = try ScriptedServer { $0.answerAll() }
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return await client.failure(.post(server.url()))
        }
        task.cancel()
        let failure = await task.value
        #expect(failure?.code == .cancelled && failure?.wasSent == .no)
        #expect(server.connectionCount == 0)
    }

    @Test("a cancellation at any moment is heeded", .timeLimit(.minutes(10)))
    func cancellationAtAnyMoment() async throws {
        let client = HTTPClient()
        let server = try ScriptedServer { connection in
            connection.readRequest()
            connection.waitForEnd()
        }
        // The client's thread is kept awake, so that it takes orders at every moment.
        let noise = Task {
            while !Task.isCancelled { _ = await client.failure(.get("http://[")) }
        }
        let started = ContinuousClock.now
        await withTaskGroup(of: OutboundError?.self) { group in
            for index in 0..<2000 {
                let task = Task { await client.failure(.post(server.url(), connect: .seconds(200), total: .seconds(200))) }
                if index % 2 == 0 { await Task.yield() }
                task.cancel()
                group.addTask { await task.value }
                if index % 100 == 99 { for await failure in group.prefix(100) { #expect(failure?.code == .cancelled) } }
            }
        }
        noise.cancel()
        #expect(ContinuousClock.now - started < .seconds(190))
    }

    @Test("more requests than allowed are refused, and accepted again later")
    func overloaded() async throws {
        let client = HTTPClient(configuration: HTTPClientConfiguration(requestsMax: 1))
        let gate = DispatchSemaphore(value: 0)
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                if request.body == Array("slow".utf8) { gate.wait() }
                connection.answer()
            }
        }
        let slow = Task { await client.failure(.post(server.url(), body: Array("slow".utf8))) }
        try #require(await waitUntil(.seconds(90)) { !server.requests.isEmpty })
        let failure = await client.failure(.post(server.url()))
        gate.signal()
        #expect(failure?.code == .overloaded && failure?.wasSent == .no)
        #expect(await slow.value == nil)
        #expect(try await client.execute(.post(server.url())).status == 200)
        #expect(server.requests.count == 2)
    }

    @Test("shutting down ends what is under way and refuses what comes")
    func shutdown() async throws {
        let client = HTTPClient()
        let server = try ScriptedServer { connection in
            connection.readRequest()
            connection.waitForEnd()
        }
        let pending = Task { await client.failure(.post(server.url())) }
        try #require(await waitUntil(.seconds(90)) { !server.requests.isEmpty })
        await client.shutdown()
        let interrupted = await pending.value
        #expect(interrupted?.code == .shutDown && interrupted?.wasSent == .unknown)
        let refused = await client.failure(.post(server.url()))
        #expect(refused?.code == .shutDown && refused?.wasSent == .no)
        #expect(server.connectionCount == 1)
    }
}
