import Foundation
import HTTPTypes
import StrictJSON
import Synchronization
import TestSupport
import Testing

/// Talks to gateways and keeps every exchange, to be compared with the contract.
final class ContractTraffic: Sendable {
    private let lines = Mutex<[String]>([])

    /// Sends a request with a bearer key, or without one, and keeps the exchange.
    @discardableResult
    func send(
        _ stage: Stage,
        _ method: HTTPRequest.Method,
        _ path: String,
        bearer: String? = Stage.key,
        headers: HTTPFields = [:],
        body: String? = nil
    ) async throws -> Stage.Answer {
        var headers = headers
        if let bearer { headers[.authorization] = "Bearer \(bearer)" }
        let answer = try await stage.send(method, stage.gatewayURL + path, headers: headers, body: Array((body ?? "").utf8))
        keep(method.rawValue, path, sent: body, answer)
        return answer
    }

    /// Asks for a charge, or posts something else under a key, and keeps the exchange.
    @discardableResult
    func create(
        _ stage: Stage,
        _ body: String,
        at path: String = "/v1/charges",
        key: String? = UUID().uuidString,
        contentType: String = "application/json",
        bearer: String = Stage.key
    ) async throws -> Stage.Answer {
        var headers: HTTPFields = [.contentType: contentType]
        if let key { headers[.idempotencyKey] = key }
        return try await send(stage, .post, path, bearer: bearer, headers: headers, body: body)
    }

    /// Keeps an exchange that was made in another way.
    func keep(_ method: String, _ path: String, sent: String?, _ answer: Stage.Answer) {
        let headers = answer.headers.map { ($0.name.canonicalName, JSONValue.string($0.value)) }
        let isBinary = answer.headers[.contentType]?.hasPrefix("image/png") == true
        let line: JSONValue = [
            "method": .string(method), "path": .string(path), "sent": sent.map { .string($0) } ?? .null,
            "status": .number(JSONNumber(Int64(answer.status))), "headers": .object(JSONObject(headers)),
            "body": isBinary ? .null : .string(String(decoding: answer.body, as: UTF8.self)),
        ]
        lines.withLock { $0.append(line.text) }
    }

    /// What Python says when it holds all that was kept against the contract.
    func comparison() async throws -> (status: Int32, lines: [String]) {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let file = folder.path + "/exchanges.jsonl"
        try lines.withLock { $0.joined(separator: "\n") }.write(toFile: file, atomically: true, encoding: .utf8)
        return try await PythonEnvironment.run(
            PythonEnvironment.script("contract_exchanges"),
            arguments: [Fixture.root + "/contracts/openapi.yaml", file]
        )
    }
}

/// A folder for one test.
struct TemporaryFolder {
    let path: String

    /// Makes the folder.
    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("acceptance-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    /// Removes it with all that is in it.
    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
