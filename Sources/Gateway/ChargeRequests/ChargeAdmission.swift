import Payments
import Providers

/// Checks a request against what the providers offer; pure.
enum ChargeAdmission {
    /// The provider that carries the request out, and the method's profile.
    struct Admitted: Sendable {
        let provider: any PaymentProvider
        let order: ChargeOrder
    }

    /// Admits or refuses.
    ///
    /// - Throws: `ChargeRefusal`, the first reason that applies.
    static func admit(
        _ request: ChargeRequest,
        to providers: ProviderRegistry,
        at now: Timestamp
    ) throws(ChargeRefusal) -> Admitted {
        guard let provider = providers.provider(for: request.method), let method = provider.profile.methods[request.method] else {
            throw .methodUnavailable
        }
        guard let limits = method.limits[request.amount.asset] else { throw .currencyNotSupported }
        guard request.amount.minorUnits >= limits.minimum.minorUnits else { throw .amountTooSmall }
        guard request.amount.minorUnits <= limits.maximum.minorUnits else { throw .amountTooLarge }
        guard request.capture == .automatic || method.allowsManualCapture else { throw .captureNotSupported }
        if request.method == .card {
            guard request.cardToken != nil else { throw .cardTokenMissing }
        } else {
            guard request.cardToken == nil else { throw .cardTokenNotAllowed }
        }
        try admitCoin(request)
        let wait = request.expiresIn ?? method.expiresInDefault
        guard wait ?? .zero <= method.expiresInMaximum else { throw .expiryTooLong }
        return Admitted(provider: provider, order: order(request, expiresAt: wait.map { now.advanced(by: $0) }))
    }

    /// A price in a coin is paid with that coin; one in money with any.
    private static func admitCoin(_ request: ChargeRequest) throws(ChargeRefusal) {
        guard request.method == .crypto else {
            guard request.coin == nil else { throw .coinNotAllowed }
            return
        }
        guard let coin = request.coin else { throw .coinMissing }
        let isPriceInCoins = Asset.coins.contains(request.amount.asset)
        guard Asset.coins.contains(coin), !isPriceInCoins || request.amount.asset == coin else { throw .coinNotAllowed }
    }

    private static func order(_ request: ChargeRequest, expiresAt: Timestamp?) -> ChargeOrder {
        ChargeOrder(
            orderID: request.orderID,
            orderNumber: request.orderNumber,
            customerID: request.customerID,
            amount: request.amount,
            method: request.method,
            capture: request.capture,
            cardToken: request.cardToken,
            coin: request.coin,
            returnURL: request.returnURL,
            expiresAt: expiresAt,
            metadata: request.metadata
        )
    }
}
