internal import CCurl
import HTTPTypes

/// One request under way and what has come back of its answer.
@safe
final class Transfer {
    let host: String
    private let request: OutboundRequest
    private let configuration: HTTPClientConfiguration
    private var handle: UnsafeMutableRawPointer?
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var headers = HTTPFields()
    private var headerByteCount = 0
    private var areHeadersComplete = false
    private var body: [UInt8] = []
    private var isTooLarge = false
    private var isRefused = false

    /// All header lines of an answer together, those of interim answers and redirects included.
    private static let headerBytesMax = 64 * 1024

    init(
        takingOwnershipOf handle: UnsafeMutableRawPointer,
        request: OutboundRequest,
        host: String,
        configuration: HTTPClientConfiguration
    ) {
        unsafe self.handle = handle
        unsafe headerList = nil
        self.request = request
        self.host = host
        self.configuration = configuration
    }

    deinit {
        unsafe curl_slist_free_all(headerList)
        if let handle = unsafe handle { unsafe curl_easy_cleanup(handle) }
    }

    /// Gives the handle away, for another transfer.
    func takeHandle() -> UnsafeMutableRawPointer? {
        defer { unsafe handle = nil }
        return unsafe handle
    }

    /// Sets every option; false when one is refused.
    ///
    /// The options hold a pointer to this object, which the multi handle keeps until the transfer is over.
    func prepare() -> Bool {
        guard let handle = unsafe handle else { return false }
        let options = unsafe EasyOptions(handle: handle)
        options.setLimits(request, connectionIdleMax: configuration.connectionIdleMax)
        options.setDestination(request, userAgent: configuration.userAgent, authorities: configuration.additionalAuthoritiesFile)
        options.setBody(request)
        unsafe headerList = options.makeHeaderList(request.headers)
        unsafe options.setHeaders(headerList)
        unsafe options.setCallbacks(context: Unmanaged.passUnretained(self).toOpaque())
        return options.areAccepted
    }

    /// Keeps a piece of the answer's body; false when it is too much.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= request.responseBytesMax else {
            isTooLarge = true
            return false
        }
        unsafe body.append(contentsOf: bytes)
        return true
    }

    /// Keeps a header line; false when it is too much.
    ///
    /// A status line begins the headers anew, after a redirect or a 100.
    func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
        headerByteCount += bytes.count
        guard headerByteCount <= Transfer.headerBytesMax else {
            isTooLarge = true
            return false
        }
        unsafe keepHeader(bytes)
        return true
    }

    private func keepHeader(_ bytes: UnsafeRawBufferPointer) {
        let line = unsafe String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            headers = HTTPFields()
            areHeadersComplete = false
            return
        }
        if line == "\r\n" || line == "\n" { areHeadersComplete = true }
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let name = HTTPField.Name(String(parts[0])) else { return }
        let value = parts[1].drop { $0 == " " || $0 == "\t" }
        headers.append(HTTPField(name: name, value: String(value.prefix { !$0.isNewline })))
    }

    /// Whether the socket may be opened to this address.
    func admits(_ address: UnsafeRawPointer, family: Int32) -> Bool {
        guard case .publicOnly = request.destination else { return true }
        isRefused = unsafe !PublicAddress.isPublic(address, family: family)
        return !isRefused
    }

    /// Whether some of the request has left, on any connection.
    ///
    /// Counted and never concluded from the failure: libcurl sends again when a kept connection ends without an answer, and the second
    /// attempt can fail to connect although the first was acted on.
    var wasSent: OutboundError.Delivery {
        var bytes = 0
        guard let handle = unsafe handle, unsafe easy_get_long(handle, CURLINFO_REQUEST_SIZE, &bytes) == CURLE_OK else { return .unknown }
        return bytes > 0 ? .unknown : .no
    }

    /// What the transfer ended with.
    func result(_ code: CURLcode) -> Result<OutboundResponse, OutboundError> {
        guard code == CURLE_OK else {
            return .failure(OutboundError(errorCode(code), wasSent: wasSent, host: host))
        }
        // To libcurl a connection that ends among the headers is the end of the answer.
        guard areHeadersComplete else { return .failure(OutboundError(.connectionLost, wasSent: .unknown, host: host)) }
        var status = 0
        guard let handle = unsafe handle, unsafe easy_get_long(handle, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK, status > 0 else {
            return .failure(OutboundError(.malformedResponse, wasSent: .unknown, host: host))
        }
        return .success(OutboundResponse(status: status, headers: headers, body: body))
    }

    private func errorCode(_ code: CURLcode) -> OutboundError.Code {
        if isTooLarge { return .responseTooLarge }
        switch code {
        // An answer without a status line is called an unsupported protocol too, and a redirect can lead to one.
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: return wasSent == .no ? .invalidURL : .malformedResponse
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return .couldNotResolve
        case CURLE_COULDNT_CONNECT: return isRefused ? .refusedDestination : .couldNotConnect
        case CURLE_OPERATION_TIMEDOUT: return wasSent == .no ? .connectTimedOut : .timedOut
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE:
            return .tlsFailed
        // A header line that exceeds libcurl's own limit is reported as a lack of memory.
        case CURLE_FILESIZE_EXCEEDED, CURLE_OUT_OF_MEMORY: return .responseTooLarge
        case CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_BAD_CONTENT_ENCODING, CURLE_TOO_MANY_REDIRECTS:
            return .malformedResponse
        default: return .connectionLost
        }
    }
}
