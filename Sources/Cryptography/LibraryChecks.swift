/// Stops the process when OpenSSL cannot do what never fails on a working installation.
///
/// Hashing and random bytes fail only when memory or the library itself is broken; going on would mean unverified money.
func requireSuccess(_ result: Int32, _ operation: StaticString) {
    guard result == 1 else { preconditionFailure(CryptographyError(drainingErrorQueueAfter: operation).description) }
}

/// Unwraps what an OpenSSL constructor returned, stopping the process when it had no memory left.
func requireObject<Object>(_ object: Object?, _ operation: StaticString) -> Object {
    guard let object else { preconditionFailure(CryptographyError(drainingErrorQueueAfter: operation).description) }
    return object
}
