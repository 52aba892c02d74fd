import Payments
import PostgreSQL

extension Row {
    /// A value made from a text column.
    func value<Value>(_ column: Int, _ make: (String) -> Value?) throws -> Value {
        guard let value = make(try text(column)) else { throw StorageError("column \(column) holds a text that is not known") }
        return value
    }

    /// A value made from a text column that may be NULL.
    func optionalValue<Value>(_ column: Int, _ make: (String) throws -> Value) throws -> Value? {
        try optionalText(column).map(make)
    }

    /// An identifier.
    func identifier<ID: Identifier>(_ column: Int, as type: ID.Type = ID.self) throws -> ID {
        ID(value: try uuid(column))
    }

    /// An identifier that may be NULL.
    func optionalIdentifier<ID: Identifier>(_ column: Int, as type: ID.Type = ID.self) throws -> ID? {
        try optionalUUID(column).map { ID(value: $0) }
    }

    /// An instant.
    func instant(_ column: Int) throws -> Timestamp {
        Timestamp(microseconds: try timestamp(column))
    }

    /// An instant that may be NULL.
    func optionalInstant(_ column: Int) throws -> Timestamp? {
        try optionalTimestamp(column).map { Timestamp(microseconds: $0) }
    }

    /// An amount of an asset that stands in another column.
    func amount(_ column: Int, asset: Asset) throws -> Amount {
        Amount(minorUnits: try numeric(column), asset: asset)
    }

    /// An account from its name, asset, class and rule, which stand side by side from `column`.
    func ledgerAccount(_ column: Int) throws -> LedgerAccount {
        LedgerAccount(
            name: try value(column, AccountName.init),
            asset: try value(column + 1, Asset.init(code:)),
            kind: try value(column + 2, AccountClass.init(rawValue:)),
            rule: try value(column + 3, BalanceRule.init(rawValue:))
        )
    }

    /// Posted debits and credits, then pending ones, which stand side by side from `column`.
    func accountBalance(_ column: Int) throws -> AccountBalance {
        AccountBalance(
            debitsPosted: try numeric(column),
            creditsPosted: try numeric(column + 1),
            debitsPending: try numeric(column + 2),
            creditsPending: try numeric(column + 3)
        )
    }

    /// The price of a conversion, which most entries do not have.
    func exchangeRate(_ column: Int) throws -> ExchangeRate? {
        guard let text = try optionalText(column) else { return nil }
        guard let rate = ExchangeRate(text) else { throw StorageError("column \(column) holds no rate of exchange") }
        return rate
    }
}
