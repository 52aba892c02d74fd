/// What became of one entry of a bulk posting, in order of precedence: the first that applies is reported.
package enum PostingResult: String, Sendable, Hashable, CaseIterable {
    /// Written now.
    case created
    /// An entry with this cause and the same content was there before; nothing was written.
    case exists
    /// An entry with this cause and other content is there; nothing was written.
    case existsWithDifferentContent = "exists_with_different_content"
    /// An account takes no more entries.
    case accountClosed = "account_closed"
    /// An account of that name is there with another asset, class or rule.
    case accountMismatch = "account_mismatch"
    /// An account's rule would be broken.
    case wouldExceedBalance = "would_exceed_balance"
    /// A side of an account would pass 38 decimal digits.
    case overflow
}
