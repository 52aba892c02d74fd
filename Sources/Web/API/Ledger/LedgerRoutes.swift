import Gateway
import HTTPTypes

/// The addresses of the books.
enum LedgerRoutes {
    /// What is read, and manual entries.
    static func all(_ parts: WebParts) -> [Route] {
        let pool = parts.reading
        let decide = DecideManualEntry(entries: parts.manualEntries)
        return [
            Route(.get, "/v1/ledger/accounts", .scope(.financeRead), ListLedgerAccounts(pool: pool).answer),
            Route(.get, "/v1/ledger/accounts/{name}", .scope(.financeRead), GetLedgerAccount(pool: pool).answer),
            Route(.get, "/v1/ledger/accounts/{name}/entries", .scope(.financeRead), ListAccountEntries(pool: pool).answer),
            Route(.get, "/v1/ledger/entries", .scope(.financeRead), ListJournalEntries(pool: pool).answer),
            Route(.get, "/v1/ledger/entries/{id}", .scope(.financeRead), GetJournalEntry(pool: pool).answer),
            Route(.get, "/v1/ledger/trial-balance", .scope(.financeRead), GetTrialBalance(pool: pool).answer),
            Route(.post, "/v1/ledger/entries", .scope(.financeWrite), RequestManualEntry(entries: parts.manualEntries).answer),
            Route(.get, "/v1/ledger/manual-entries", .scope(.financeRead), ListManualEntries(pool: pool).answer),
            Route(.get, "/v1/ledger/manual-entries/{id}", .scope(.financeRead), GetManualEntry(pool: pool).answer),
            Route(.post, "/v1/ledger/manual-entries/{id}/approve", .scope(.financeWrite), decide.approve),
            Route(.post, "/v1/ledger/manual-entries/{id}/reject", .scope(.financeWrite), decide.reject),
        ]
    }
}
