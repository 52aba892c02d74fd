/// What a verification of the books found.
package struct LedgerVerificationReport: Sendable {
    /// A sentence for each thing that is wrong, at most a hundred of each kind; empty when the books are right.
    package let issues: [String]
    package let entryCount: Int64
    package let transferCount: Int64
    package let accountCount: Int64
    package let sealCount: Int64
    /// Webhooks, charges, approvals and notifications that were recomputed beside the books.
    package let recordCount: Int64
    package let recordSealCount: Int64
    package let anchorCount: Int64
    /// Seals that no anchor holds so far.
    package let unanchoredSealCount: Int64
    /// The digest of the last anchor, which can be kept elsewhere and expected later; nil when there is none.
    package let anchorDigest: [UInt8]?
    /// Names the whole book as it is: the last anchor, and the heads of the chains that have grown since.
    package let bookDigest: [UInt8]
}

/// How far a verification has come.
package struct LedgerVerificationProgress: Sendable {
    /// Entries that were recomputed.
    package let entryCount: Int64
    package let elapsed: Duration
}
