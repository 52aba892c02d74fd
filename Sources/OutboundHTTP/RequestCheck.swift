import HTTPTypes

/// Refuses requests that could be read in two ways, before anything is sent.
enum RequestCheck {
    /// The host of a well-formed request.
    ///
    /// - Throws: `TransferError` with `invalidURL` or `refusedDestination`.
    static func host(of request: OutboundRequest) throws(TransferError) -> String {
        guard request.url.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else {
            throw TransferError(.invalidURL, wasSent: .no)
        }
        let parts = request.url.split(separator: "://", maxSplits: 1)
        guard parts.count == 2, ["http", "https"].contains(parts[0].lowercased()) else { throw TransferError(.invalidURL, wasSent: .no) }
        let authority = parts[1].prefix { !"/?#".contains($0) }
        guard !authority.isEmpty, !authority.contains("@") else { throw TransferError(.invalidURL, wasSent: .no) }
        if case .publicOnly = request.destination, parts[0].lowercased() != "https" {
            throw TransferError(.refusedDestination, wasSent: .no, host: String(authority))
        }
        for field in request.headers where field.value.utf8.contains(where: { $0 == 0 || $0 == 10 || $0 == 13 }) {
            throw TransferError(.invalidURL, wasSent: .no, host: String(authority))
        }
        return String(authority)
    }
}
