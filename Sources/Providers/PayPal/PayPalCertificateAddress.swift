/// The rule for `PAYPAL-CERT-URL`, which anybody can write: it is judged before any connection is made.
///
/// https, an exact host of a short list, no user, no other port, nothing that two readers could take in two ways. PayPal's own hosts
/// serve certificates under one path; hosts from configuration may use any port and path.
struct PayPalCertificateAddress: Sendable {
    private let ownHosts: Set<String>
    /// Host names, some with a port, in lower case.
    private let configuredHosts: Set<String>

    private static let bytesMax = 512
    private static let path = "/v1/notifications/certs/CERT-"

    /// `isSandbox` chooses among PayPal's hosts: those of the other world are refused.
    init(isSandbox: Bool, configuredHosts: [String]) {
        let world = isSandbox ? ".sandbox" : ""
        ownHosts = ["api\(world).paypal.com", "api-m\(world).paypal.com"]
        self.configuredHosts = Set(configuredHosts.map { $0.lowercased() })
    }

    /// Whether a certificate may be fetched from the address.
    func allows(_ address: String) -> Bool {
        let scheme = "https://"
        let bytes = address.utf8
        guard bytes.count <= PayPalCertificateAddress.bytesMax, address.hasPrefix(scheme), bytes.allSatisfy(Self.isPlain) else {
            return false
        }
        let rest = address.dropFirst(scheme.utf8.count)
        guard let slash = rest.firstIndex(of: "/") else { return false }
        let authority = rest[..<slash].lowercased()
        let path = rest[slash...]
        guard Self.hasPlainSegments(path) else { return false }
        if ownHosts.contains(authority) {
            return path.hasPrefix(Self.path) && path.utf8.count > Self.path.utf8.count && !path.contains(".")
        }
        guard let host = Self.host(of: authority) else { return false }
        return configuredHosts.contains(authority) || configuredHosts.contains(host)
    }

    /// Letters, digits and what a path of plain names needs; no `@`, `\`, `#`, `?`, `%`, blanks or control characters.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-._~/:[]".utf8.contains(byte)
        }
    }

    private static func hasPlainSegments(_ path: Substring) -> Bool {
        guard !path.contains(where: { $0 == "[" || $0 == "]" || $0 == ":" }) else { return false }
        return path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).allSatisfy { segment in
            !segment.isEmpty && segment != "." && segment != ".."
        }
    }

    /// The host of an authority with a port or without; nil when it is not well formed, or ends with a dot.
    private static func host(of authority: String) -> String? {
        let end =
            authority.hasPrefix("[") ? authority.firstIndex(of: "]").map { authority.index(after: $0) } : authority.firstIndex(of: ":")
        let host = authority[..<(end ?? authority.endIndex)]
        let port = end.map { authority[$0...] } ?? ""
        guard !host.isEmpty, !host.hasSuffix("."), !host.hasPrefix(".") else { return nil }
        guard !port.isEmpty else { return String(host) }
        guard port.hasPrefix(":"), let number = Int(port.dropFirst()), (1...65_535).contains(number), !port.hasPrefix(":+") else {
            return nil
        }
        return String(host)
    }
}
