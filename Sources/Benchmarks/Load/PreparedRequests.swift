/// Whole HTTP requests, one after another in memory, so that sending one costs nothing but the call to the kernel.
struct PreparedRequests: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Where each request ends.
    private(set) var ends: [Int] = []

    var count: Int { ends.count }

    mutating func append(_ request: [UInt8]) {
        bytes += request
        ends.append(bytes.count)
    }

    /// Takes over all requests of others.
    mutating func append(_ others: PreparedRequests) {
        let offset = bytes.count
        bytes += others.bytes
        ends += others.ends.map { $0 + offset }
    }

    /// Where a request lies in `bytes`.
    func range(_ index: Int) -> Range<Int> {
        (index == 0 ? 0 : ends[index - 1])..<ends[index]
    }

    /// Sends some of the requests once more, each soon after its first time, as providers do.
    func withDuplicates(percent: Int) -> PreparedRequests {
        var all = PreparedRequests()
        for index in 0..<count {
            all.append(Array(bytes[range(index)]))
            if Int.random(in: 0..<100) < percent { all.append(Array(bytes[range(Int.random(in: max(0, index - 500)...index))])) }
        }
        return all
    }

    /// A `POST` of JSON over a connection that is kept.
    static func post(_ path: String, headers: [String], body: [UInt8]) -> [UInt8] {
        let lines = ["POST \(path) HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"] + headers
        let head = (lines + ["Content-Length: \(body.count)", "", ""]).joined(separator: "\r\n")
        return Array(head.utf8) + body
    }
}
