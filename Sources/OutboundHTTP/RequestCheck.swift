import HTTPTypes

/// Refuses requests that could be read in two ways, before anything is sent.
enum RequestCheck {
    /// The host of a well-formed request.
    ///
    /// - Throws: `OutboundError` with `invalidURL` or `refusedDestination`.
    static func host(of request: OutboundRequest) throws(OutboundError) -> String {
        guard request.url.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else {
            throw OutboundError(.invalidURL, wasSent: .no)
        }
        let parts = request.url.split(separator: "://", maxSplits: 1)
        guard parts.count == 2, ["http", "https"].contains(parts[0].lowercased()) else { throw OutboundError(.invalidURL, wasSent: .no) }
        let authority = parts[1].prefix { !"/?#".contains($0) }
        guard !authority.isEmpty, !authority.contains("@") else { throw OutboundError(.invalidURL, wasSent: .no) }
        if case .publicOnly = request.destination, parts[0].lowercased() != "https" {
            throw OutboundError(.refusedDestination, wasSent: .no, host: String(authority))
        }
        for field in request.headers where field.value.utf8.contains(where: { $0 == 0 || $0 == 10 || $0 == 13 }) {
            throw OutboundError(.invalidURL, wasSent: .no, host: String(authority))
        }
        return String(authority)
    }
}
