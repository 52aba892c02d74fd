import Glibc

/// Ports for servers of the measurement.
enum FreePort {
    /// Below the ports that the kernel gives to outgoing connections, of which a measurement opens many.
    private static let range = 20_000..<30_000

    /// A port of this machine that nobody uses at this moment.
    static func find() throws -> Int {
        for _ in 0..<100 {
            let port = Int.random(in: range)
            if isFree(port) { return port }
        }
        throw BenchmarkError("no free port from \(range.lowerBound) to \(range.upperBound - 1)")
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = LoopbackAddress.of(port: port)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        } == 0
    }
}

/// Addresses of this machine that no other reaches.
enum LoopbackAddress {
    /// 127.0.0.1 with a port.
    static func of(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
