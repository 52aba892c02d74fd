/// A form as browsers and Stripe's libraries send it.
struct Form: Sendable, Hashable {
    private(set) var pairs: [(name: String, value: String)] = []

    init(_ text: String) {
        pairs = text.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Form.decode(parts[0]), parts.count > 1 ? Form.decode(parts[1]) : "")
        }
    }

    subscript(name: String) -> String? { pairs.last { $0.name == name }?.value }

    /// The same form with another value.
    func replacing(_ name: String, with value: String) -> Form {
        var form = self
        form.pairs = pairs.filter { $0.name != name } + [(name, value)]
        return form
    }

    /// The members of `metadata[…]`.
    var metadata: [(String, String)] {
        pairs.compactMap { name, value in
            name.hasPrefix("metadata[") && name.hasSuffix("]") ? (String(name.dropFirst(9).dropLast()), value) : nil
        }
    }

    static func == (left: Form, right: Form) -> Bool { left.canonical == right.canonical }

    func hash(into hasher: inout Hasher) { hasher.combine(canonical) }

    private var canonical: [String] { pairs.map { "\($0.name)=\($0.value)" }.sorted() }

    private static func decode(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
