/// What became of one request of a bulk posting, in order of precedence: the first that applies is reported.
package enum PostingResult: String, Sendable, Hashable, CaseIterable {
    /// Written now.
    case created
    /// An entry with this cause and the same content was there before; nothing was written.
    case exists
    /// An entry with this cause and other content is there; nothing was written.
    case existsWithDifferentContent = "exists_with_different_content"
    /// A resolution names a pending entry that is not in the books.
    case pendingNotFound = "pending_not_found"
    /// A resolution names a pending entry that was posted, voided or expired before.
    case pendingAlreadyResolved = "pending_already_resolved"
    /// A posting or voiding comes when the pending entry's time is over.
    case pendingExpired = "pending_expired"
    /// An expiry comes before its time, or for an entry that has none.
    case pendingNotExpired = "pending_not_expired"
    /// A posting moves more than was pending, nothing at all, or names another number of transfers.
    case exceedsPendingAmount = "exceeds_pending_amount"
    /// An account takes no more entries.
    case accountClosed = "account_closed"
    /// An account of that name holds another asset.
    case assetMismatch = "asset_mismatch"
    /// An account of that name is there with another class or rule.
    case accountMismatch = "account_mismatch"
    /// An account's rule would be broken.
    case wouldExceedBalance = "would_exceed_balance"
    /// The amount, or a side of an account, would pass what the books can count.
    case overflow
    /// Nothing is wrong with it, but a request that it is linked to was refused.
    case linkedEntryFailed = "linked_entry_failed"
}
