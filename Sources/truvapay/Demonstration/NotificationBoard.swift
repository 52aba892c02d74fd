import Simulators
import Synchronization

/// The notifications that the sample order core has verified, printed as they come.
final class NotificationBoard: Sendable {
    private let received = Mutex<[ReceivedNotification]>([])

    func add(_ notification: ReceivedNotification) {
        received.withLock { $0.append(notification) }
        print("  order core was told: \(notification.type) \(notification.chargeID ?? "")")
    }

    /// The types told about a charge, in order of arrival.
    func types(of chargeID: String) -> [String] {
        received.withLock { $0.filter { $0.chargeID == chargeID }.map(\.type) }
    }
}
