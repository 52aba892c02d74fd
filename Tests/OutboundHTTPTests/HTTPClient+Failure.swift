import HTTPTypes
import OutboundHTTP

extension HTTPClient {
    /// Why a request failed; nil when it was answered.
    func failure(_ request: OutboundRequest) async -> OutboundError? {
        do throws(OutboundError) {
            _ = try await execute(request)
            return nil
        } catch {
            return error
        }
    }
}

extension OutboundRequest {
    /// A POST with a small body and short limits.
    static func post(
        _ url: String,
        headers: HTTPFields = [:],
        body: [UInt8] = Array("body".utf8),
        connect: Duration = .seconds(10),
        total: Duration = .seconds(20),
        responseBytesMax: Int = 1024 * 1024
    ) -> OutboundRequest {
        OutboundRequest(
            method: .post,
            url: url,
            headers: headers,
            body: body,
            timeouts: OutboundTimeouts(connect: connect, total: total),
            responseBytesMax: responseBytesMax
        )
    }

    /// A GET.
    static func get(
        _ url: String,
        followsRedirects: Bool = false,
        destination: DestinationPolicy = .configured,
        connect: Duration = .seconds(10)
    ) -> OutboundRequest {
        OutboundRequest(
            method: .get,
            url: url,
            timeouts: OutboundTimeouts(connect: connect, total: .seconds(20)),
            followsRedirects: followsRedirects,
            destination: destination
        )
    }
}
