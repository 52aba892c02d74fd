internal import CCurl
import Glibc

/// What libcurl calls, on the loop's thread, with the transfer as context.
enum Callbacks {
    /// A piece of the body; anything but its length ends the transfer.
    static func body(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int {
        guard let transfer = unsafe transfer(context), let bytes = unsafe bytes else { return 0 }
        return unsafe transfer.receive(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
    }

    /// One header line; anything but its length ends the transfer.
    static func header(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int {
        guard let transfer = unsafe transfer(context), let bytes = unsafe bytes else { return 0 }
        return unsafe transfer.receiveHeader(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
    }

    /// Opens the socket, after the name was resolved and before anything is sent: here a rebinding name ends.
    static func openSocket(_ context: UnsafeMutableRawPointer?, _ address: UnsafeMutablePointer<curl_sockaddr>?) -> curl_socket_t {
        guard let transfer = unsafe transfer(context), let address = unsafe address else { return -1 }
        let family = unsafe address.pointee.family
        let isAdmitted = unsafe withUnsafePointer(to: &address.pointee.addr) {
            unsafe transfer.admits(UnsafeRawPointer($0), family: family)
        }
        guard isAdmitted else { return -1 }
        return unsafe socket(family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), address.pointee.protocol)
    }

    private static func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        unsafe context.map { unsafe Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }
}
