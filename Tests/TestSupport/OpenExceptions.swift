package import Payments

extension [PaymentException] {
    /// Takes out what resolutions end, as the database does with the exceptions that it holds.
    package mutating func end(_ resolutions: [ExceptionResolution]) {
        for end in resolutions {
            removeAll {
                $0.reason == end.reason && $0.provider == end.provider
                    && (end.subject == nil ? $0.chargeID == end.chargeID : $0.subject == end.subject)
            }
        }
    }
}
