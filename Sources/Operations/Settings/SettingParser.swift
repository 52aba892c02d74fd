import Cryptography
import Logging

/// How the text of a variable becomes a value, with the words that explain a refusal.
///
/// Whoever parses to a secret is itself marked secret, so a declaration cannot forget it.
struct SettingParser<Value: Sendable>: Sendable {
    /// What a value must look like, to follow the words "it must be".
    let expectation: String

    /// Whether the text must never be shown.
    let isSecret: Bool

    /// The value, or nothing if the text does not have the expected form.
    let parse: @Sendable (String) -> Value?

    init(_ expectation: String, isSecret: Bool = false, parse: @escaping @Sendable (String) -> Value?) {
        self.expectation = expectation
        self.isSecret = isSecret
        self.parse = parse
    }
}

extension SettingParser where Value == String {
    /// Printable ASCII without spaces, as identifiers are.
    static let identifier = SettingParser("printable ASCII without spaces, at most 255 characters") { text in
        text.isIdentifier(lengthMax: 255) ? text : nil
    }

    /// A path of the file system.
    static let path = SettingParser("a path") { $0 }

    /// The address a server listens on.
    static let hostName = SettingParser("a host name or an IP address") { text in
        text.isHostName || text.isIPv6Address ? text : nil
    }

    /// Exactly this many decimal digits.
    static func digits(count: Int) -> SettingParser {
        SettingParser("\(count) digits") { text in
            text.utf8.count == count && text.utf8.allSatisfy(\.isDecimalDigit) ? text : nil
        }
    }

    /// Printable ASCII, spaces inside allowed.
    static func label(lengthMax: Int) -> SettingParser {
        SettingParser("printable ASCII, at most \(lengthMax) characters") { text in
            let isPlain = text.utf8.count <= lengthMax && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
            return isPlain && !text.hasPrefix(" ") && !text.hasSuffix(" ") ? text : nil
        }
    }
}

extension SettingParser where Value == [String] {
    /// Host names, each with a port if need be, separated by commas.
    static let hostNames = SettingParser("host names separated by commas, each with `:port` where needed") { text in
        text.pieces(separatedBy: ",") { WebAddress.isAuthority($0) ? $0.lowercased() : nil }
    }
}

extension SettingParser where Value == [String: String] {
    /// Decimal amounts, each in a currency of its own; whether the currency is known is for who knows currencies.
    static let amountsByCurrency = SettingParser("amounts by currency such as THB=1000.00, separated by commas") { text in
        let pairs = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.split(separator: "=") }
        let point = UInt8(ascii: ".")
        guard pairs.allSatisfy({ $0.count == 2 && $0[1].utf8.allSatisfy { $0.isDecimalDigit || $0 == point } }),
            Set(pairs.map(\.[0])).count == pairs.count
        else { return nil }
        return Dictionary(uniqueKeysWithValues: pairs.map { (String($0[0]), String($0[1])) })
    }
}

extension SettingParser where Value == WebAddress {
    /// The root under which a provider's API lives.
    static let apiBase = SettingParser("an http or https URL with a host and without user, query or fragment") { text in
        WebAddress(text).flatMap { $0.hasQuery ? nil : $0.withoutTrailingSlash }
    }

    /// A URL that receives requests.
    static let endpoint = SettingParser("an http or https URL with a host and without user or fragment") { WebAddress($0) }
}

extension SettingParser where Value == Bool {
    /// What is on or off.
    static let flag = SettingParser("true or false") { ["true": true, "false": false][$0] }
}

extension SettingParser where Value == Int {
    /// Decimal digits only: no sign, no space, no digits of other scripts.
    static func wholeNumber(in range: ClosedRange<Int>) -> SettingParser {
        SettingParser("a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            guard text.utf8.allSatisfy(\.isDecimalDigit), let number = Int(text), range.contains(number) else { return nil }
            return number
        }
    }
}

extension SettingParser where Value == Logger.Level {
    /// One of swift-log's levels, in lower case.
    static let logLevel = SettingParser("one of " + Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")) {
        Logger.Level(rawValue: $0)
    }
}

extension SettingParser where Value == Settings.Log.Format {
    /// One of our two log formats.
    static let logFormat = SettingParser("one of json, text") { Settings.Log.Format(rawValue: $0) }
}

extension SettingParser where Value == Settings.PromptPay.Bank {
    /// One of the banks that we can speak to.
    static let promptPayBank = SettingParser("one of " + Settings.PromptPay.Bank.allCases.map(\.rawValue).joined(separator: ", ")) {
        Settings.PromptPay.Bank(rawValue: $0)
    }
}
