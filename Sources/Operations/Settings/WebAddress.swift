/// An http or https URL that has been looked at closely enough to be trusted with requests.
///
/// RFC 3986, but narrower: no user information, no fragment, only ASCII, and a host that is a name, an IPv4 address or a bracketed
/// IPv6 address.
struct WebAddress: Sendable, Equatable {
    /// The URL as it was written, with scheme and authority in lower case.
    let text: String

    /// The host without port and without brackets.
    let host: String

    /// Whether the scheme is https.
    let isEncrypted: Bool

    /// Whether there is a query, even an empty one.
    let hasQuery: Bool

    /// Reads a URL, or refuses it.
    init?(_ text: String) {
        guard text.isIdentifier(lengthMax: 2048), !text.utf8.contains(where: Self.forbidden.contains) else { return nil }
        guard let separator = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<separator.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[separator.upperBound...]
        let authorityEnd = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<authorityEnd].lowercased()
        guard let host = Self.host(ofAuthority: authority) else { return nil }
        self.host = host
        isEncrypted = scheme == "https"
        hasQuery = rest.contains("?")
        self.text = scheme + "://" + authority + rest[authorityEnd...]
    }

    private static let forbidden = Set("#\"<>\\^`{|}".utf8)

    /// Whether requests to this address stay on this machine.
    var isLoopback: Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host == "::1"
            || (host.hasPrefix("127.") && host.utf8.allSatisfy { $0.isDecimalDigit || $0 == UInt8(ascii: ".") })
    }

    /// The same address ready to have a path appended.
    var withoutTrailingSlash: WebAddress? {
        text.hasSuffix("/") ? WebAddress(String(text.dropLast())) : self
    }

    /// Whether the text is a host with an optional port, and nothing else.
    static func isAuthority(_ text: String) -> Bool {
        host(ofAuthority: text.lowercased()) != nil
    }

    private static func host(ofAuthority authority: String) -> String? {
        if authority.hasPrefix("[") {
            let parts = authority.dropFirst().split(separator: "]", omittingEmptySubsequences: false)
            guard parts.count == 2, String(parts[0]).isIPv6Address else { return nil }
            return parts[1].isEmpty || isPort(parts[1]) ? String(parts[0]) : nil
        }
        let end = authority.firstIndex(of: ":") ?? authority.endIndex
        let host = String(authority[..<end])
        guard host.isHostName else { return nil }
        return end == authority.endIndex || isPort(authority[end...]) ? host : nil
    }

    private static func isPort(_ text: Substring) -> Bool {
        let digits = text.dropFirst()
        guard text.hasPrefix(":"), digits.utf8.allSatisfy(\.isDecimalDigit), let port = Int(digits) else { return false }
        return (1...65_535).contains(port)
    }
}
