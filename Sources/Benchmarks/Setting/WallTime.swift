import Foundation
import Payments

/// The time of day.
enum WallTime {
    /// Now, in the form the core takes it.
    static func now() -> Timestamp {
        Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }
}
