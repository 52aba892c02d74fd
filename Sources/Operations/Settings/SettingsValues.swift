/// The texts of all declared variables, each from the environment or from the file its `_FILE` form names.
struct SettingsValues: Sendable {
    private let texts: [String: String]
    private let undeclared: [String]

    /// Collects the texts; an empty variable counts as unset.
    ///
    /// - Throws: ``SettingsError`` when a variable is given twice, or its file cannot be read or is empty.
    init(environment: [String: String], fileReader: (String) throws -> String) throws(SettingsError) {
        var texts: [String: String] = [:]
        for declaration in SettingsTable.all {
            texts[declaration.name] = try Self.text(of: declaration, environment, fileReader)
        }
        self.texts = texts
        undeclared = Self.undeclared(in: environment)
    }

    /// The value of a setting, or nothing where it is unset.
    subscript<Value>(setting: Setting<Value>) -> Value? {
        get throws(SettingsError) {
            let declaration = setting.declaration
            guard let text = texts[declaration.name] else { return nil }
            if !text.unicodeScalars.contains(where: \.isUnsafeInLine), let value = setting.parser.parse(text) {
                return value
            }
            let shown = declaration.isSecret ? "has an unusable value" : "is \"\(text.prefix(80))\""
            throw SettingsError(.malformed, declaration.name, "\(shown); it must be \(declaration.expectation).")
        }
    }

    /// Names that look like ours and are not, for they may be misspelt.
    private static func undeclared(in environment: [String: String]) -> [String] {
        let prefixes = ["TRUVAPAY_", "STRIPE_", "PAYPAL_", "PROMPTPAY_", "CRYPTO_", "ORDER_CORE_", "RATE_LIMIT_"]
        let known = Set(SettingsTable.all.flatMap { [$0.name, $0.fileVariable] })
        return environment.keys.filter { name in prefixes.contains { name.hasPrefix($0) } && !known.contains(name) }.sorted()
    }

    private static func text(
        of declaration: SettingDeclaration,
        _ environment: [String: String],
        _ fileReader: (String) throws -> String
    ) throws(SettingsError) -> String? {
        let direct = environment[declaration.name].flatMap { $0.isEmpty ? nil : $0 }
        guard let path = environment[declaration.fileVariable], !path.isEmpty else { return direct }
        guard direct == nil else {
            throw SettingsError(.givenTwice, declaration.name, "and \(declaration.fileVariable) are both set; only one of them may be.")
        }
        let content: String
        do {
            content = try fileReader(path)
        } catch {
            throw SettingsError(.unreadableFile, declaration.fileVariable, "names a file that cannot be read as UTF-8 text.")
        }
        let lineEnds: Set<Character> = ["\n", "\r", "\r\n"]
        let text = content.reversed().drop { lineEnds.contains($0) }.reversed()
        guard !text.isEmpty else {
            throw SettingsError(.unreadableFile, declaration.fileVariable, "names an empty file; it must hold \(declaration.expectation).")
        }
        return String(text)
    }

    /// What is odd about the values though each is usable; a line each.
    ///
    /// - Throws: ``SettingsError`` when a value that is looked at is malformed.
    func warnings() throws(SettingsError) -> [String] {
        var lines = undeclared.map {
            "\($0.prefix(80).description.escapingControlCharacters) is not a setting of this program and is ignored."
        }
        for setting in [SettingsTable.stripeAPIBase, SettingsTable.payPalAPIBase, SettingsTable.cryptoAPIBase, SettingsTable.orderCoreURL] {
            if let address = try self[setting], !address.isEncrypted, !address.isLoopback {
                lines.append("\(setting.declaration.name) is not https: what is sent there can be read and altered on the way.")
            }
        }
        let keyLengthMin = 32
        if let key = texts[SettingsTable.bootstrapKey.declaration.name], key.utf8.count < keyLengthMin {
            lines.append(
                "\(SettingsTable.bootstrapKey.declaration.name) is shorter than \(keyLengthMin) characters: use it for development only."
            )
        }
        let unused: [(SettingDeclaration, SettingDeclaration)] = [
            (SettingsTable.stripeWebhookSecrets.declaration, SettingsTable.stripeSecretKey.declaration),
            (SettingsTable.payPalWebhookID.declaration, SettingsTable.payPalClientID.declaration),
            (SettingsTable.orderCoreSecrets.declaration, SettingsTable.orderCoreURL.declaration),
        ]
        for (given, absent) in unused where texts[given.name] != nil && texts[absent.name] == nil {
            lines.append("\(given.name) has little use without \(absent.name), which is not set.")
        }
        return lines
    }
}
