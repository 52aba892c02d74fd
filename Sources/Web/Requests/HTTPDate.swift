import Payments
import Synchronization

/// The value of the `Date` header (RFC 9110 section 5.6.7), made once a second.
final class HTTPDate: Sendable {
    private struct State {
        var seconds = Int64.min
        var text = ""
    }

    private let state = Mutex(State())
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The text for an instant.
    func text(at now: Timestamp) -> String {
        state.withLock { state in
            if state.seconds != now.seconds {
                state.seconds = now.seconds
                state.text = HTTPDate.text(ofSecond: now.seconds)
            }
            return state.text
        }
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`; instants before 1970 count as its first.
    static func text(ofSecond second: Int64) -> String {
        let second = max(0, second)
        let date = CivilDate(daysSince1970: second / 86_400)
        // 1970 began on a Thursday.
        let weekday = days[Int((second / 86_400 + 4) % 7)]
        let clock = [second / 3600 % 24, second / 60 % 60, second % 60].map(padded).joined(separator: ":")
        return "\(weekday), \(padded(date.day)) \(months[Int(date.month) - 1]) \(date.year) \(clock) GMT"
    }

    private static func padded(_ value: Int64) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }
}
