import Cryptography
import Foundation
import Gateway
import Logging
import Operations
import OutboundHTTP
import Payments
import PostgreSQL
import Providers
import ServiceLifecycle
import Storage
import Web

/// Everything that `serve` runs, built once from the settings; only here do concrete parts meet.
struct GatewayServices {
    private let settings: Settings
    private let database: Database
    private let logger: Logger
    private let metrics: PrometheusMetricsFactory
    private let surroundings = Surroundings.system
    private let fresh = FreshEvents()
    private let processing = WorkSignal()
    private let delivery = WorkSignal()
    private let payouts = WorkSignal()
    private let abandoned = AbandonedClaims()
    private let client = HTTPClient(configuration: HTTPClientConfiguration())
    /// For the certificates of PayPal's webhooks, whose host in a sandbox may be known to the extra authority only.
    private let certificateClient: HTTPClient
    private let deferred: DeferredVerification
    private let breakers: ProviderBreakers
    private let gate: ProviderGate

    /// Takes what the process made before: the database and the places for logs and metrics.
    init(settings: Settings, database: Database, logger: Logger, metrics: PrometheusMetricsFactory) {
        self.settings = settings
        self.database = database
        self.logger = logger
        self.metrics = metrics
        let authorities = settings.payPal.webhookAuthorityFile
        certificateClient = HTTPClient(configuration: HTTPClientConfiguration(additionalAuthoritiesFile: authorities))
        breakers = ProviderBreakers(logger: logger, now: Surroundings.steady)
        gate = ProviderGate(client: client, breakers: breakers)
        deferred = DeferredVerification(
            certificates: CertificateGate(client: certificateClient),
            gate: gate,
            surroundings: surroundings
        )
    }

    /// The services in order of dependency: what stands later uses what stands earlier, and stops first.
    func all(onListening: @escaping @Sendable (Int) async -> Void) throws -> [any Service] {
        let providers = try ProviderAssembly.registry(settings)
        let ledger = Ledger(pool: database.pool)
        let anchoring = ChainAnchoring(ledger: ledger, surroundings: surroundings, logger: logger)
        let committer = FactCommitter(ledger: ledger, surroundings: surroundings, delivery: delivery)
        let calls = ProviderCalls(committer: committer, providers: providers, gate: gate, abandoned: abandoned, logger: logger)
        let inquiries = EventInquiries(committer: committer, providers: providers, gate: gate, logger: logger)
        let inbox = InboxWriter(pool: database.pool, fresh: fresh, processing: processing, logger: logger).batcher()
        let intents = IntentWriter(pool: database.pool, surroundings: surroundings, delivery: delivery, logger: logger).batcher()
        let health = HealthCheck(reading: database.reading, writing: database.pool, breakers: breakers)
        let web = WebServer(
            parts: try webParts(ledger: ledger, providers: providers, calls: calls, inbox: inbox, intents: intents, health: health),
            settings: webSettings,
            logger: logger
        )
        let first = storageServices() + [Worker(name: "chain anchoring", loop: anchoring.run)]
        return first + workers(committer, calls: calls, inquiries: inquiries, providers: providers, inbox: inbox) + [
            Worker(name: "webhook verification", loop: deferred.run),
            Worker(name: "inbox writer", loop: inbox.run),
            Worker(name: "intent writer", loop: intents.run),
            Worker(name: "payouts", loop: payoutCalls(ledger: ledger, providers: providers).run),
            Worker(name: "pending expiry", loop: PendingExpiry(ledger: ledger, surroundings: surroundings, logger: logger).run),
            WebService(web: web, health: health, prepare: prepare, onListening: onListening, logger: logger),
        ]
    }

    private var prepare: @Sendable () async throws -> Void {
        { [settings, database] in
            guard let key = settings.bootstrapKey else { return }
            try await database.keys.ensureBootstrap(key)
        }
    }

    private func storageServices() -> [any Service] {
        [
            Support(name: "outbound http") { [client, certificateClient] in
                try? await gracefulShutdown()
                await client.shutdown()
                await certificateClient.shutdown()
            },
            Support(name: "database pool", loop: database.pool.run),
            Support(name: "reading pool", loop: database.reading.run),
            Support(name: "presence", loop: presence.run),
            Support(name: "clock changes", loop: ClockChanges(pool: database.pool, surroundings: surroundings, logger: logger).run),
        ]
    }

    private var presence: Presence {
        Presence(pool: database.pool, surroundings: surroundings, abandoned: abandoned, logger: logger)
    }

    private func workers(
        _ committer: FactCommitter,
        calls: ProviderCalls,
        inquiries: EventInquiries,
        providers: ProviderRegistry,
        inbox: Batcher<ReceivedEvent, Bool>
    ) -> [any Service] {
        var workers: [any Service] = []
        if let endpoint {
            let notifier = Notifier(
                pool: database.pool,
                surroundings: surroundings,
                endpoint: endpoint,
                work: delivery,
                abandoned: abandoned,
                logger: logger
            )
            workers.append(Worker(name: "notifier", loop: notifier.run))
        }
        let processor = InboxProcessor(
            committer: committer,
            providers: providers,
            fresh: fresh,
            work: processing,
            precedence: IngressPrecedence(over: inbox, fresh: fresh, surroundings: surroundings),
            inquiries: inquiries,
            logger: logger
        )
        workers.append(Worker(name: "event inquiries", loop: inquiries.run))
        workers.append(Worker(name: "inbox processor", loop: processor.run))
        workers.append(Worker(name: "provider call recovery", loop: ProviderCallRecovery(calls: calls, logger: logger).run))
        workers.append(Worker(name: "charge expiry", loop: ChargeExpiry(committer: committer, providers: providers, logger: logger).run))
        return workers
    }

    private func payoutCalls(ledger: Ledger, providers: ProviderRegistry) -> PayoutCalls {
        PayoutCalls(
            ledger: ledger,
            surroundings: surroundings,
            providers: providers,
            gate: gate,
            work: payouts,
            delivery: delivery,
            abandoned: abandoned,
            logger: logger
        )
    }

    private func withdrawals(ledger: Ledger, providers: ProviderRegistry) throws -> Withdrawals {
        Withdrawals(
            ledger: ledger,
            surroundings: surroundings,
            providers: providers,
            approvalLimits: try ApprovalLimits.read(settings.withdrawals.approvalLimits),
            delivery: delivery,
            payouts: payouts
        )
    }

    private var endpoint: OrderCoreEndpoint? {
        guard let url = settings.orderCore.url else { return nil }
        let secrets = settings.orderCore.secrets.map { SecretBytes(StandardWebhookSecret.key(of: $0)) }
        return OrderCoreEndpoint(url: url, signature: NotificationSignature(secrets: secrets), client: client)
    }

    private var webSettings: WebServerSettings {
        WebServerSettings(
            host: settings.server.host,
            port: settings.server.port,
            connectionsMax: OpenFileLimit.connectionsMax(),
            rateLimit: settings.rateLimit.maximum.map { (settings.rateLimit.window, $0) }
        )
    }

    private func webParts(
        ledger: Ledger,
        providers: ProviderRegistry,
        calls: ProviderCalls,
        inbox: Batcher<ReceivedEvent, Bool>,
        intents: Batcher<ChargeIntent, IntentResult>,
        health: HealthCheck
    ) throws -> WebParts {
        let contract = try RunTimeFiles.contents("contracts/openapi.yaml")
        let queues = QueueMetrics(pool: database.reading, surroundings: surroundings)
        return WebParts(
            charges: ChargeRequests(providers: providers, surroundings: surroundings, intents: intents, calls: calls, logger: logger),
            operations: ChargeOperations(providers: providers, calls: calls),
            slips: SlipVerification(
                committer: FactCommitter(ledger: ledger, surroundings: surroundings, delivery: delivery),
                providers: providers,
                gate: gate
            ),
            manualEntries: ManualEntries(ledger: ledger, surroundings: surroundings),
            walletCredits: WalletCredits(ledger: ledger, surroundings: surroundings, delivery: delivery),
            withdrawals: try withdrawals(ledger: ledger, providers: providers),
            ingress: WebhookIngress(providers: providers, surroundings: surroundings, batcher: inbox, deferred: deferred),
            authenticator: Authenticator(pool: database.reading),
            operators: OperatorRequests(
                pool: database.pool,
                surroundings: surroundings,
                processing: processing,
                delivery: delivery
            ),
            reading: database.reading,
            health: health,
            exposeMetrics: { [metrics] in
                await queues.update()
                return metrics.expose()
            },
            openAPI: contract
        )
    }
}
