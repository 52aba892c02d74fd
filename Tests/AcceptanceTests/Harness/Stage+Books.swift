import Foundation
import HTTPTypes
import StrictJSON
import TestSupport

extension Stage {
    /// Posts JSON with a key of its own, unless another one or none is given.
    func post(
        _ path: String,
        _ body: String?,
        key: String? = UUID().uuidString,
        token: String = Stage.key
    ) async throws -> Answer {
        var headers: HTTPFields = [.authorization: "Bearer \(token)"]
        if body != nil { headers[.contentType] = "application/json" }
        if let key { headers[.idempotencyKey] = key }
        return try await send(.post, gatewayURL + path, headers: headers, body: Array((body ?? "").utf8))
    }

    /// Asks for an operation on a charge.
    func operate(_ charge: JSONValue, _ operation: String, _ body: String? = nil) async throws -> Answer {
        try await post("/v1/charges/\(charge["id"]?.string ?? "")/\(operation)", body)
    }

    /// Makes an API key with scopes.
    func makeKey(_ scopes: String...) async throws -> String {
        let made = try ChildProcess(
            Stage.program,
            ["keys", "create", "--name", "made"] + scopes.flatMap { ["--scope", $0] },
            environment: environment
        )
        guard try await made.end() == 0, let key = try await made.line(containing: "tvp_") else { throw StageError("no key was made") }
        return key
    }

    /// Every page of a list.
    func all(_ path: String, limit: Int = 100) async throws -> [JSONValue] {
        var rows: [JSONValue] = []
        var cursor = ""
        while true {
            let page = try await get("\(path)\(path.contains("?") ? "&" : "?")limit=\(limit)\(cursor)").json
            rows += page["data"]?.array ?? []
            guard let next = page["next"]?.string else { return rows }
            cursor = "&after=\(next)"
        }
    }

    /// The body of a call that credits wallets.
    static func credits(_ batch: String, _ lines: [(reference: String, customer: String, amount: String)], currency: String = "THB")
        -> String
    {
        let credits = lines.map { #"{"reference":"\#($0.reference)","customer_id":"\#($0.customer)","amount":"\#($0.amount)"}"# }
        return #"{"batch_id":"\#(batch)","reason":"Winnings","currency":"\#(currency)","credits":[\#(credits.joined(separator: ","))]}"#
    }
}
