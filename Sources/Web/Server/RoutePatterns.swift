import HTTPTypes

/// Compares paths with the patterns of routes.
enum RoutePatterns {
    /// The methods that some route takes at `path`, in alphabetical order.
    static func methods(for path: String, in routes: [Route]) -> [String] {
        Set(routes.filter { matches(path, $0.path) }.map(\.method.rawValue)).sorted()
    }

    private static func matches(_ path: String, _ pattern: String) -> Bool {
        let segments = path.split(separator: "/")
        let expected = pattern.split(separator: "/")
        return segments.count == expected.count && zip(segments, expected).allSatisfy { $0 == $1 || $1.hasPrefix("{") }
    }
}
