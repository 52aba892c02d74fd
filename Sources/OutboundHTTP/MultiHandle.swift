internal import CCurl

/// The transfers that are under way, on one thread.
@safe
final class MultiHandle {
    private let multi: UnsafeMutableRawPointer?
    private let waker: Waker
    private let configuration: HTTPClientConfiguration
    private var transfers: [Int: Transfer] = [:]
    private var numbers: [UnsafeMutableRawPointer: Int]
    private var finished: [(number: Int, result: Result<OutboundResponse, OutboundError>)] = []
    private var spareHandles: [UnsafeMutableRawPointer]

    private static let spareHandlesMax = 64
    private static let waitMilliseconds: Int32 = 1000

    init(waker: Waker, configuration: HTTPClientConfiguration) {
        CurlLibrary.initialise()
        unsafe multi = curl_multi_init()
        unsafe numbers = [:]
        unsafe spareHandles = []
        self.waker = waker
        self.configuration = configuration
        _ = unsafe multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.connectionsPerHostMax)
        _ = unsafe multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, configuration.connectionsMax)
        _ = unsafe multi_set_long(multi, CURLMOPT_MAXCONNECTS, configuration.connectionsMax)
    }

    deinit {
        unsafe spareHandles.forEach { unsafe curl_easy_cleanup($0) }
        unsafe curl_multi_cleanup(multi)
    }

    /// Begins a transfer.
    func add(_ number: Int, _ request: OutboundRequest, host: String) {
        guard let handle = unsafe spareHandles.popLast() ?? curl_easy_init() else {
            finished.append((number, .failure(OutboundError(.overloaded, wasSent: .no, host: host))))
            return
        }
        let transfer = unsafe Transfer(takingOwnershipOf: handle, request: request, host: host, configuration: configuration)
        guard transfer.prepare(), unsafe curl_multi_add_handle(multi, handle) == CURLM_OK else {
            finished.append((number, .failure(OutboundError(.invalidURL, wasSent: .no, host: host))))
            return
        }
        transfers[number] = transfer
        unsafe numbers[handle] = number
    }

    /// Ends a transfer early.
    func cancel(_ number: Int) {
        end(number, because: .cancelled)
    }

    /// Ends all transfers.
    func stop() {
        for number in Array(transfers.keys) { end(number, because: .shutDown) }
    }

    /// Does what can be done without waiting.
    func perform() {
        var running: Int32 = 0
        _ = unsafe curl_multi_perform(multi, &running)
        var rest: Int32 = 0
        while let message = unsafe curl_multi_info_read(multi, &rest) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let handle = unsafe message.pointee.easy_handle,
                let number = unsafe numbers[handle]
            else { continue }
            complete(number, unsafe message_result(message))
        }
    }

    /// Transfers that have ended since the last call.
    func takeFinished() -> [(number: Int, result: Result<OutboundResponse, OutboundError>)] {
        defer { finished = [] }
        return finished
    }

    /// Waits for the network or for the waker.
    func wait() {
        var extra = curl_waitfd(fd: waker.descriptor, events: Int16(CURL_WAIT_POLLIN), revents: 0)
        var ready: Int32 = 0
        _ = unsafe curl_multi_poll(multi, &extra, 1, MultiHandle.waitMilliseconds, &ready)
        if extra.revents != 0 { waker.rest() }
    }

    private func complete(_ number: Int, _ code: CURLcode) {
        guard let transfer = transfers[number] else { return }
        let result = transfer.result(code)
        release(number)
        finished.append((number, result))
    }

    private func end(_ number: Int, because code: OutboundError.Code) {
        guard let transfer = transfers[number] else { return }
        let error = OutboundError(code, wasSent: transfer.wasSent, host: transfer.host)
        release(number)
        finished.append((number, .failure(error)))
    }

    private func release(_ number: Int) {
        guard let transfer = transfers.removeValue(forKey: number), let handle = unsafe transfer.takeHandle() else { return }
        unsafe numbers[handle] = nil
        unsafe curl_multi_remove_handle(multi, handle)
        guard unsafe spareHandles.count < MultiHandle.spareHandlesMax else { return unsafe curl_easy_cleanup(handle) }
        unsafe curl_easy_reset(handle)
        unsafe spareHandles.append(handle)
    }
}

/// libcurl's own set-up, once for the process.
enum CurlLibrary {
    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Sets libcurl up unless that was done.
    static func initialise() {
        precondition(isReady, "libcurl could not be initialised")
    }
}
