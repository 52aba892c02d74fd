import HTTPTypes
import Hummingbird
import NIOCore
import StrictJSON

/// Reads a request's body within bounds of size and time.
enum BodyReading {
    /// From the first byte to the last; a sender that stalls without sending is cut off by `RequestDeadlines`.
    static let timeLimit = Duration.seconds(10)

    /// The raw bytes.
    ///
    /// - Throws: `Problem` with `body_too_large` or `request_timeout`.
    static func bytes(of request: Request, limit: Int) async throws -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw Problem(.bodyTooLarge) }
        let deadline = ContinuousClock.now.advanced(by: timeLimit)
        var bytes: [UInt8] = []
        for try await var chunk in request.body {
            guard bytes.count + chunk.readableBytes <= limit else { throw Problem(.bodyTooLarge) }
            guard ContinuousClock.now < deadline else { throw Problem(.requestTimeout, headers: [.connection: "close"]) }
            bytes += chunk.readBytes(length: chunk.readableBytes) ?? []
        }
        return bytes
    }

    /// The body as one strict JSON object, with no card number in it.
    ///
    /// - Throws: `Problem` with the reason.
    static func object(of request: Request, limit: Int) async throws -> JSONObject {
        let object = try await uncheckedObject(of: request, limit: limit)
        guard !CardNumbers.areIn(.object(object)) else { throw Problem(.cardNumberRefused) }
        return object
    }

    /// The same, where no body stands for an empty object.
    static func optionalObject(of request: Request, limit: Int) async throws -> JSONObject {
        let bytes = try await bytes(of: request, limit: limit)
        guard !bytes.isEmpty else { return JSONObject() }
        try checkMediaType(request.headers)
        let object = try object(bytes, limit: limit)
        guard !CardNumbers.areIn(.object(object)) else { throw Problem(.cardNumberRefused) }
        return object
    }

    /// The body as one strict JSON object, for those who look for card numbers themselves.
    ///
    /// - Throws: `Problem` with the reason.
    static func uncheckedObject(of request: Request, limit: Int) async throws -> JSONObject {
        try checkMediaType(request.headers)
        return try object(try await bytes(of: request, limit: limit), limit: limit)
    }

    private static func object(_ bytes: [UInt8], limit: Int) throws(Problem) -> JSONObject {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue.parse(bytes, policy: .strict, limits: JSONLimits(depth: 32, bytes: limit))
        } catch {
            throw Problem(.malformedJSON, detail: error.description)
        }
        guard case .object(let object) = value else { throw Problem.field("", "The body must be an object.") }
        return object
    }

    private static func checkMediaType(_ headers: HTTPFields) throws(Problem) {
        let type = headers[.contentType].map { value in
            value.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
        }
        guard type == "application/json" else { throw Problem(.unsupportedMediaType) }
    }
}
