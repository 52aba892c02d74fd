import HTTPTypes
import Gateway

/// Every address of the interface; the contract lists the same, which a test compares.
enum Routes {
    /// The routes of an interface made of `parts`.
    static func all(_ parts: WebParts) -> [Route] {
        charges(parts) + LedgerRoutes.all(parts) + WalletRoutes.all(parts) + WithdrawalRoutes.all(parts) + operators(parts)
            + webhooks(parts) + operations(parts)
    }

    private static func charges(_ parts: WebParts) -> [Route] {
        let operate = OperateCharge(operations: parts.operations, reading: parts.reading)
        return [
            Route(.post, "/v1/charges", .scope(.chargesWrite), CreateCharge(charges: parts.charges).answer),
            Route(.get, "/v1/charges", .scope(.chargesRead), ListCharges(pool: parts.reading).answer),
            Route(.get, "/v1/charges/{id}", .scope(.chargesRead), GetCharge(pool: parts.reading).answer),
            Route(.post, "/v1/charges/{id}/capture", .scope(.chargesWrite), operate.capture),
            Route(.post, "/v1/charges/{id}/cancel", .scope(.chargesWrite), operate.cancel),
            Route(.post, "/v1/charges/{id}/refunds", .scope(.chargesWrite), operate.refund),
            Route(.get, "/v1/charges/{id}/refunds", .scope(.chargesRead), ListRefunds(pool: parts.reading).answer),
            Route(.get, "/v1/charges/{id}/timeline", .scope(.chargesRead), GetTimeline(pool: parts.reading).answer),
            Route(.get, "/v1/refunds/{id}", .scope(.chargesRead), GetRefund(pool: parts.reading).answer),
            Route(.post, "/v1/charges/{id}/slips", .scope(.chargesWrite), PresentSlip(slips: parts.slips).answer),
            Route(.get, "/v1/charges/{id}/qr.png", .scope(.chargesRead), ChargeQRImage(pool: parts.reading, form: .png).answer),
            Route(.get, "/v1/charges/{id}/qr.svg", .scope(.chargesRead), ChargeQRImage(pool: parts.reading, form: .svg).answer),
        ]
    }

    private static func operators(_ parts: WebParts) -> [Route] {
        [
            Route(.get, "/v1/webhook-events", .scope(.financeRead), ListWebhookEvents(pool: parts.reading).answer),
            Route(.get, "/v1/webhook-events/{id}", .scope(.financeRead), GetWebhookEvent(pool: parts.reading).answer),
            Route(.post, "/v1/webhook-events/{id}/replay", .scope(.admin), ReplayWebhookEvent(operators: parts.operators).answer),
            Route(.get, "/v1/notifications", .scope(.financeRead), ListNotifications(pool: parts.reading).answer),
            Route(.get, "/v1/notifications/{id}", .scope(.financeRead), GetNotification(pool: parts.reading).answer),
            Route(.post, "/v1/notifications/{id}/resend", .scope(.admin), ResendNotification(operators: parts.operators).answer),
        ]
    }

    private static func webhooks(_ parts: WebParts) -> [Route] {
        [
            Route(.post, ReceiveWebhook.path, .open, ReceiveWebhook(ingress: parts.ingress).answer),
            Route(.post, ReceiveWebhook.secretPath, .open, ReceiveWebhook(ingress: parts.ingress).answer),
        ]
    }

    private static func operations(_ parts: WebParts) -> [Route] {
        [
            Route(.get, "/health/live", .open, HealthRoutes.live),
            Route(.get, "/health/ready", .open, HealthRoutes.ready(parts.health)),
            Route(.get, "/metrics", .open, MetricsRoute.answer(parts.exposeMetrics)),
            Route(.get, "/openapi.yaml", .open, ContractRoute.answer(parts.openAPI)),
        ]
    }
}
