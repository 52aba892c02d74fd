import Gateway
import HTTPTypes
import Logging
import OutboundHTTP
import PostgreSQL
import Providers
import Storage
import Web

extension WebParts {
    /// Parts behind which nothing runs, for those who only look at the routes.
    static func idle() -> WebParts {
        let pool = ConnectionPool(configuration: ConnectionPool.Configuration(connectionString: "host=127.0.0.1"))
        let logger = Logger(label: "idle")
        let providers = ProviderRegistry([])
        let surroundings = Surroundings.system
        let signal = WorkSignal()
        let committer = FactCommitter(ledger: Ledger(pool: pool), surroundings: surroundings, delivery: signal)
        let breakers = ProviderBreakers(logger: logger, now: surroundings.now)
        let gate = ProviderGate(client: HTTPClient(), breakers: breakers)
        let calls = ProviderCalls(committer: committer, providers: providers, gate: gate, abandoned: AbandonedClaims(), logger: logger)
        return WebParts(
            charges: ChargeRequests(
                providers: providers,
                surroundings: surroundings,
                intents: IntentWriter(pool: pool, surroundings: surroundings, delivery: signal, logger: logger).batcher(),
                calls: calls,
                logger: logger
            ),
            operations: ChargeOperations(providers: providers, calls: calls),
            slips: SlipVerification(committer: committer, providers: providers, gate: gate),
            manualEntries: ManualEntries(ledger: Ledger(pool: pool), surroundings: surroundings),
            walletCredits: WalletCredits(ledger: Ledger(pool: pool), surroundings: surroundings, delivery: signal),
            withdrawals: Withdrawals(
                ledger: Ledger(pool: pool),
                surroundings: surroundings,
                providers: providers,
                approvalLimits: [:],
                delivery: signal,
                payouts: WorkSignal()
            ),
            ingress: WebhookIngress(
                providers: providers,
                surroundings: surroundings,
                batcher: InboxWriter(pool: pool, fresh: FreshEvents(), processing: signal, logger: logger).batcher(),
                deferred: DeferredVerification(
                    certificates: CertificateGate(client: HTTPClient()),
                    gate: gate,
                    surroundings: surroundings
                )
            ),
            authenticator: Authenticator(pool: pool),
            operators: OperatorRequests(pool: pool, surroundings: surroundings, processing: signal, delivery: signal),
            reading: pool,
            health: HealthCheck(reading: pool, writing: pool, breakers: breakers),
            exposeMetrics: { "" },
            openAPI: []
        )
    }
}
