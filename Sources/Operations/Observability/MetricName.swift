/// Names and labels by Prometheus' rules.
///
/// Prometheus, "Metric and label naming": one prefix for the application, base units, `_total` for counters; "Data model": the
/// alphabet.
enum MetricName {
    private static let prefix = "truvapay_"

    /// The exposed name of a counter.
    static func counter(_ label: String) -> String { exposed(label, suffix: "_total") }

    /// The exposed name of a timer, whose unit is the second.
    static func timer(_ label: String) -> String { exposed(label, suffix: "_seconds") }

    /// The exposed name of a gauge or of a histogram of something else than time.
    static func plain(_ label: String) -> String { exposed(label, suffix: "") }

    private static func exposed(_ label: String, suffix: String) -> String {
        let clean = sanitized(label)
        let name = clean.hasPrefix(prefix) ? clean : prefix + clean
        return name.hasSuffix(suffix) ? name : name + suffix
    }

    /// The labels as they stand between the braces, sorted by name; of two equal names the first counts.
    static func labels(_ dimensions: [(String, String)]) -> String {
        guard !dimensions.isEmpty else { return "" }
        let named = dimensions.map { (name: labelName($0.0), value: $0.1) }
        // Sorting is stable in practice only, so equal names are told apart by their place.
        let sorted = named.enumerated().sorted { ($0.element.name, $0.offset) < ($1.element.name, $1.offset) }.map(\.element)
        var text = ""
        for (index, label) in sorted.enumerated() where index == 0 || sorted[index - 1].name != label.name {
            if index > 0 { text += "," }
            text += label.name
            text += "=\""
            text += escaped(label.value, alsoQuotes: true)
            text += "\""
        }
        return text
    }

    /// `le` belongs to histograms, and names that begin with two underscores to Prometheus itself.
    private static func labelName(_ name: String) -> String {
        let clean = sanitized(name)
        let startsWell = clean.utf8.first.map { !$0.isDecimalDigit } ?? false
        return clean == "le" || clean.hasPrefix("__") || !startsWell ? "label_" + clean : clean
    }

    /// The text with an underscore for every scalar outside the alphabet; nearly always the text itself.
    private static func sanitized(_ text: String) -> String {
        let underscore = UInt8(ascii: "_")
        if text.utf8.allSatisfy({ $0.isLetterOrDigit || $0 == underscore }) { return text }
        return String(text.unicodeScalars.map { $0.isASCII && UInt8($0.value).isLetterOrDigit ? Character($0) : "_" })
    }

    /// A help text on one line.
    static func escapedHelp(_ help: String) -> String {
        escaped(help, alsoQuotes: false)
    }

    /// Escapes backslash and line feed, and in label values the quotation mark.
    private static func escaped(_ text: String, alsoQuotes: Bool) -> String {
        let backslash = UInt8(ascii: "\\"), lineFeed = UInt8(ascii: "\n"), quote = UInt8(ascii: "\"")
        let isPlain = text.utf8.allSatisfy { $0 != backslash && $0 != lineFeed && ($0 != quote || !alsoQuotes) }
        if isPlain { return text }
        var escaped: [UInt8] = []
        for byte in text.utf8 {
            let needsEscape = byte == backslash || byte == lineFeed || (byte == quote && alsoQuotes)
            if needsEscape { escaped.append(backslash) }
            escaped.append(byte == lineFeed ? UInt8(ascii: "n") : byte)
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    /// A number as the text format writes it.
    static func number(_ value: Double) -> String {
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value.isNaN { return "NaN" }
        return Int64(exactly: value).map(String.init) ?? value.description
    }
}
