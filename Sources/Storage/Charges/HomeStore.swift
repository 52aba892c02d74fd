package import Payments
package import PostgreSQL

/// Keeps two transactions from missing each other: one that writes a refund or dispute whose charge it does not know, and one that gives a
/// charge the name by which it would be known.
///
/// Both write the payment's name, so that the second waits for the first, and then sees what it has written.
package enum HomeStore {
    /// Makes certain that nothing is left without the charge that it waits for, or refuses, as a unique violation: the transaction is
    /// repeated, and then sees both.
    ///
    /// `homeless` are the payments of refunds and disputes that this transaction leaves without a charge, `named` those whose charges got
    /// their name in it. Comes after everything that the transaction writes about them.
    package static func meet(homeless: Set<ProviderReference>, named: Set<ProviderReference>) -> [Command] {
        let payments = homeless.union(named)
        guard !payments.isEmpty else { return [] }
        let wait = homeless.isEmpty ? [] : [Command(waitForName, parameters(homeless))]
        return wait + [Command(refuseMissed, parameters(payments))]
    }

    private static func parameters(_ payments: Set<ProviderReference>) -> [Parameter] {
        [.texts(payments.map(\.provider.text)), .texts(payments.map(\.text))]
    }

    private static let waitForName = Statement(
        "homes_wait_for_name",
        """
        INSERT INTO charge_references (provider, reference) SELECT * FROM unnest($1::text[], $2::text[]) ORDER BY 1, 2
        ON CONFLICT DO NOTHING
        """
    )

    private static let refuseMissed = Statement("homes_refuse_missed", "SELECT refuse_missed_homes($1, $2)")
}
