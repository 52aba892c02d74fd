package import Payments

/// Who calls our interface, and what it may do.
package struct Caller: Sendable, Hashable {
    package let keyID: APIKeyID
    package let scopes: Set<Scope>

    /// Whether the caller holds `scope`; `admin` holds every one.
    package func may(_ scope: Scope) -> Bool {
        scopes.contains(scope) || scopes.contains(.admin)
    }
}

/// The rights of an API key, in the words of our interface.
package enum Scope: String, Sendable, Hashable, CaseIterable {
    case chargesRead = "charges:read"
    case chargesWrite = "charges:write"
    case walletsRead = "wallets:read"
    case walletsWrite = "wallets:write"
    case payoutsWrite = "payouts:write"
    case financeRead = "finance:read"
    case financeWrite = "finance:write"
    case admin
}
