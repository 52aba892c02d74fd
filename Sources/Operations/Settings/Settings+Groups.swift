extension Settings {
    /// Refuses a half-configured method: what can ask for money must be able to hear that it came.
    func checkGroups() throws(SettingsError) {
        try checkDatabase()
        try checkPayPal()
        try checkPromptPay()
        let needs: [(isMet: Bool, SettingDeclaration, neededBy: SettingDeclaration)] = [
            (
                stripe.secretKey == nil || !stripe.webhookSecrets.isEmpty,
                SettingsTable.stripeWebhookSecrets.declaration, SettingsTable.stripeSecretKey.declaration
            ),
            (
                crypto.apiBase == nil || !crypto.webhookSecrets.isEmpty,
                SettingsTable.cryptoWebhookSecrets.declaration, SettingsTable.cryptoAPIBase.declaration
            ),
            (
                orderCore.url == nil || !orderCore.secrets.isEmpty,
                SettingsTable.orderCoreSecrets.declaration, SettingsTable.orderCoreURL.declaration
            ),
        ]
        for need in needs where !need.isMet {
            throw Self.missing(need.1, neededBy: need.neededBy)
        }
    }

    private func checkDatabase() throws(SettingsError) {
        guard database.poolMinimum > database.poolMaximum else { return }
        throw SettingsError(
            .contradiction,
            SettingsTable.databasePoolMinimum.declaration.name,
            "is \(database.poolMinimum); it must not be more than DATABASE_POOL_MAX, which is \(database.poolMaximum)."
        )
    }

    private func checkPayPal() throws(SettingsError) {
        switch (payPal.clientID, payPal.clientSecret, payPal.webhookID) {
        case (nil, .some, _):
            throw Self.missing(SettingsTable.payPalClientID.declaration, neededBy: SettingsTable.payPalClientSecret.declaration)
        case (.some, nil, _):
            throw Self.missing(SettingsTable.payPalClientSecret.declaration, neededBy: SettingsTable.payPalClientID.declaration)
        case (.some, .some, nil):
            throw Self.missing(SettingsTable.payPalWebhookID.declaration, neededBy: SettingsTable.payPalClientID.declaration)
        default:
            return
        }
    }

    private func checkPromptPay() throws(SettingsError) {
        let target = SettingsTable.promptPayTarget.declaration
        let biller = SettingsTable.promptPayBillerID.declaration
        if promptPay.target != nil, promptPay.billerID != nil {
            throw SettingsError(.contradiction, target.name, "and \(biller.name) are both set; only one of them may be.")
        }
        let bank = SettingsTable.promptPayBank.declaration
        let secrets = SettingsTable.promptPayWebhookSecrets.declaration
        let key = SettingsTable.promptPayAPIKey.declaration
        let needs: [(isMet: Bool, SettingDeclaration, neededBy: SettingDeclaration)]
        switch promptPay.bank {
        case .signed:
            let isOff = promptPay.target == nil && promptPay.billerID == nil
            needs = [(isOff || !promptPay.webhookSecrets.isEmpty, secrets, promptPay.target == nil ? biller : target)]
        case .scb:
            needs = [
                (promptPay.billerID != nil, biller, bank), (promptPay.apiBase != nil, SettingsTable.promptPayAPIBase.declaration, bank),
                (promptPay.apiKey != nil, key, bank), (promptPay.apiSecret != nil, SettingsTable.promptPayAPISecret.declaration, bank),
            ]
        case .omise:
            needs = [(promptPay.apiKey != nil, key, bank), (!promptPay.webhookSecrets.isEmpty, secrets, bank)]
        }
        for need in needs where !need.isMet {
            throw Self.missing(need.1, neededBy: need.neededBy)
        }
    }

    private static func missing(_ declaration: SettingDeclaration, neededBy other: SettingDeclaration) -> SettingsError {
        SettingsError(
            .missing,
            declaration.name,
            "is not set, but \(other.name) needs it; it must be \(declaration.expectation)."
        )
    }
}
