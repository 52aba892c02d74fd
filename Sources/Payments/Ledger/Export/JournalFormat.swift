/// One way to write the books down for somebody who checks them with a program of their own.
///
/// The functions are called in this order, each as often as there are things to tell: `begin`, `declare` for every account, `open` for
/// what stood on the accounts before the period, `append` for the entries in the order of their posting, `close` for every account, `end`.
/// Each appends to `text` and needs nothing of what was told before, so that a book of any size is exported in constant memory.
package protocol JournalFormat: Sendable {
    /// Makes a format for one export.
    init(_ heading: ExportHeading)
    /// The beginning: what this is, and the assets.
    func begin(into text: inout String)
    /// An account of the books.
    func declare(_ account: LedgerAccount, into text: inout String)
    /// A balance that is carried forward into a period with a beginning; zero is left out.
    func open(_ balance: ExportedBalance, into text: inout String)
    /// An entry with all its transfers.
    func append(_ entry: ExportedEntry, into text: inout String)
    /// What has to stand on an account at the end.
    func close(_ balance: ExportedBalance, into text: inout String)
    /// The end.
    func end(_ counts: ExportCounts, into text: inout String)
}
