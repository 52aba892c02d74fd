import HTTPTypes
import Hummingbird
import NIOCore

/// An answer of bytes, whichever way it is sent.
struct Answer: Sendable {
    let status: HTTPResponse.Status
    var headers: HTTPFields
    let body: [UInt8]

    /// Bytes that must not be guessed at or cached.
    init(_ body: [UInt8], contentType: String, status: HTTPResponse.Status = .ok) {
        self.status = status
        self.body = body
        headers = [
            .contentType: contentType,
            .contentLength: String(body.count),
            .cacheControl: "no-store",
            .xContentTypeOptions: "nosniff",
        ]
    }

    /// The answer as the router's routes give it.
    var response: Response {
        Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}
