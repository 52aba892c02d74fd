package import Gateway
package import PostgreSQL

/// What the routes need.
package struct WebParts: Sendable {
    package let charges: ChargeRequests
    package let operations: ChargeOperations
    package let slips: SlipVerification
    package let manualEntries: ManualEntries
    package let walletCredits: WalletCredits
    package let withdrawals: Withdrawals
    package let ingress: WebhookIngress
    package let authenticator: Authenticator
    package let operators: OperatorRequests
    /// A pool whose transactions only read.
    package let reading: ConnectionPool
    package let health: HealthCheck
    /// The text of `/metrics`.
    package let exposeMetrics: @Sendable () async -> String
    /// The contract, served as it is.
    package let openAPI: [UInt8]

    /// Gathers the parts.
    package init(
        charges: ChargeRequests,
        operations: ChargeOperations,
        slips: SlipVerification,
        manualEntries: ManualEntries,
        walletCredits: WalletCredits,
        withdrawals: Withdrawals,
        ingress: WebhookIngress,
        authenticator: Authenticator,
        operators: OperatorRequests,
        reading: ConnectionPool,
        health: HealthCheck,
        exposeMetrics: @escaping @Sendable () async -> String,
        openAPI: [UInt8]
    ) {
        self.charges = charges
        self.operations = operations
        self.slips = slips
        self.manualEntries = manualEntries
        self.walletCredits = walletCredits
        self.withdrawals = withdrawals
        self.ingress = ingress
        self.authenticator = authenticator
        self.operators = operators
        self.reading = reading
        self.health = health
        self.exposeMetrics = exposeMetrics
        self.openAPI = openAPI
    }
}
