internal import CCurl
import HTTPTypes

/// Sets the options of one easy handle and remembers whether all were accepted.
@safe
final class EasyOptions {
    private let handle: UnsafeMutableRawPointer
    private(set) var areAccepted = true

    init(handle: UnsafeMutableRawPointer) {
        unsafe self.handle = handle
    }

    /// Time and size; signals are never used for time-outs, because other threads would get them.
    func setLimits(_ request: OutboundRequest, connectionIdleMax: Duration) {
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.timeouts.connect))
        set(CURLOPT_TIMEOUT_MS, milliseconds(request.timeouts.total))
        check(unsafe easy_set_large(handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(request.responseBytesMax)))
        set(CURLOPT_FOLLOWLOCATION, request.followsRedirects ? 1 : 0)
        set(CURLOPT_MAXREDIRS, 5)
        set(CURLOPT_TCP_NODELAY, 1)
        set(CURLOPT_MAXAGE_CONN, Int(connectionIdleMax.components.seconds))
    }

    /// The address and how it is reached: no proxy, no other protocol, HTTP/2 over TLS where the other side has it.
    func setDestination(_ request: OutboundRequest, userAgent: String, authorities: String?) {
        set(CURLOPT_URL, request.url)
        set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        if case .publicOnly = request.destination {
            set(CURLOPT_REDIR_PROTOCOLS_STR, "https")
            // A kept connection was judged by the rule of the request that opened it.
            set(CURLOPT_FRESH_CONNECT, 1)
        } else {
            set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        }
        set(CURLOPT_PROXY, "")
        set(CURLOPT_USERAGENT, userAgent)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        if let authorities { set(CURLOPT_CAINFO, authorities) }
    }

    /// The body, copied by libcurl.
    func setBody(_ request: OutboundRequest) {
        guard !request.body.isEmpty || request.method == .post || request.method == .put else {
            if request.method == .head { set(CURLOPT_NOBODY, 1) }
            return
        }
        check(unsafe easy_set_large(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)))
        var body = request.body.isEmpty ? [0] : request.body
        let size = body.count
        check(
            unsafe body.withUnsafeMutableBytes {
                unsafe size > 0 ? easy_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, $0.baseAddress) : CURLE_OK
            }
        )
    }

    /// The header lines; libcurl's own Expect and Content-Type are suppressed.
    func makeHeaderList(_ headers: HTTPFields) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>? = unsafe curl_slist_append(nil, "Expect:")
        if headers[.contentType] == nil { unsafe list = curl_slist_append(list, "Content-Type:") }
        for field in headers {
            unsafe list = curl_slist_append(list, field.value.isEmpty ? "\(field.name.rawName);" : "\(field.name.rawName): \(field.value)")
        }
        return unsafe list
    }

    /// Uses a list, which must live as long as the transfer.
    func setHeaders(_ list: UnsafeMutablePointer<curl_slist>?) {
        check(unsafe easy_set_list(handle, CURLOPT_HTTPHEADER, list))
    }

    /// Leads what comes back to the transfer behind `context`.
    func setCallbacks(context: UnsafeMutableRawPointer) {
        check(unsafe easy_set_pointer(handle, CURLOPT_WRITEDATA, context))
        check(unsafe easy_set_pointer(handle, CURLOPT_HEADERDATA, context))
        check(unsafe easy_set_pointer(handle, CURLOPT_OPENSOCKETDATA, context))
        let body: curl_write_callback = { bytes, size, count, context in unsafe Callbacks.body(bytes, size * count, context) }
        let header: curl_write_callback = { bytes, size, count, context in unsafe Callbacks.header(bytes, size * count, context) }
        let socket: curl_opensocket_callback = { context, _, address in unsafe Callbacks.openSocket(context, address) }
        check(unsafe easy_set_data(handle, CURLOPT_WRITEFUNCTION, body))
        check(unsafe easy_set_data(handle, CURLOPT_HEADERFUNCTION, header))
        check(unsafe easy_set_socket(handle, CURLOPT_OPENSOCKETFUNCTION, socket))
    }

    private func set(_ option: CURLoption, _ value: Int) {
        check(unsafe easy_set_long(handle, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) {
        check(unsafe easy_set_text(handle, option, value))
    }

    private func check(_ code: CURLcode) {
        if code != CURLE_OK { areAccepted = false }
    }

    private func milliseconds(_ duration: Duration) -> Int {
        max(1, Int(duration / .milliseconds(1)))
    }
}
