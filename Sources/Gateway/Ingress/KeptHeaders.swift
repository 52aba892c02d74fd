import HTTPTypes

/// The headers that are kept with a webhook: an allow-list, because anything else could hold a secret.
enum KeptHeaders {
    private static let names: Set<String> = [
        "content-type", "user-agent", "stripe-signature", "bank-signature", "omise-signature", "omise-signature-timestamp", "traceparent",
    ]
    private static let valueBytesMax = 1024

    /// The allowed headers of a request, values cut to a safe length.
    static func of(_ headers: HTTPFields) -> [(String, String)] {
        headers.compactMap { field in
            names.contains(field.name.canonicalName) ? (field.name.canonicalName, shortened(field.value)) : nil
        }
    }

    private static func shortened(_ value: String) -> String {
        value.utf8.count <= valueBytesMax ? value : String(decoding: value.utf8.prefix(valueBytesMax), as: UTF8.self)
    }
}
