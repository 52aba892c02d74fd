import Gateway
import Hummingbird

extension Call {
    private static let decisionBytesMax = 16 * 1024
    private static let reasonBytesMax = 500

    /// Reads a decision about an object, `POST <list>/{id}/<verb>`: the object, the reason if one is given, and the request under its key.
    ///
    /// - Throws: `Problem` for a bad id, key or body.
    func decision<ID: CustomStringConvertible>(
        _ list: String,
        _ verb: String,
        _ parse: (String) -> ID?
    ) async throws -> (id: ID, reason: String?, request: IdempotentRequest) {
        let id = try identifier("id", parse)
        let key = try IdempotencyKey(request.headers)
        let object = try await BodyReading.optionalObject(of: request, limit: Call.decisionBytesMax)
        var reader = ObjectReader(object)
        let reason = try reader.optionalText("reason", lengthMax: Call.reasonBytesMax)
        try reader.finish()
        return (id, reason, try idempotent(key, "POST \(list)/\(id)/\(verb)", object))
    }
}
