import HTTPTypes
import Hummingbird
import StrictJSON

extension Response {
    /// An answer of bytes that must not be guessed at or cached.
    static func bytes(_ bytes: [UInt8], contentType: String, status: HTTPResponse.Status = .ok) -> Response {
        Answer(bytes, contentType: contentType, status: status).response
    }

    /// An answer of JSON.
    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        .bytes(value.serialized(), contentType: "application/json", status: status)
    }
}
