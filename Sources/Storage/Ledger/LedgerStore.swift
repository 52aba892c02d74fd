import Cryptography
package import Payments
package import PostgreSQL

/// The books: accounts, entries, transfers, balances, seals.
///
/// An entry is written with all its transfers, what they do to the balances, and a seal in one commit. A batch adds up what it does to an
/// account and gives the account one new balance.
package enum LedgerStore {
    /// The id of an account, made from its name: the first half of a SHA-256.
    package static func accountID(_ name: AccountName) -> UInt128 {
        SHA256.digest(Array("account:\(name.text)".utf8)).prefix(16).reduce(0) { $0 << 8 | UInt128($1) }
    }

    /// Looks which causes have been booked.
    package static func existingCauses(_ causes: [EntryCause]) -> Command {
        Command(LedgerStatements.findCauses, [.texts(causes.map(\.text))])
    }

    /// The booked causes with the digests of their entries' content.
    package static func decodeCauses(_ result: QueryResult) throws -> [EntryCause: [UInt8]] {
        Dictionary(try result.rows.map { (EntryCause(try $0.text(0)), try $0.bytes(1)) }) { first, _ in first }
    }
}
