import Cryptography
import Payments
import PostgreSQL

/// Recomputes entries from their own rows and their transfers', both read in the order of the entries' ids.
struct EntryAudit {
    private var entries = CopyRows(columnCount: 12)
    private var transfers = CopyRows(columnCount: 6)
    private var isInEntry = false
    /// Where the transfer begins that was read last and belongs to an entry still to come; nil when there is none.
    private var aheadMark: Int?
    private var content: [UInt8] = []
    private var moved: [AuditedTransfer] = []
    private var hasher = WordHasher()
    private(set) var pending = PendingAudit()
    private(set) var charges = ChargeFingerprints()
    private(set) var entryCount: Int64 = 0
    private(set) var transferCount: Int64 = 0

    static let copyEntries = """
        COPY (SELECT id, cause, kind, phase, charge_id, occurred_at, expires_at, pending_entry_id, reason, exchange_rate, content_digest,
            posted_at FROM journal_entries ORDER BY id) TO STDOUT (FORMAT binary)
        """
    static let copyTransfers = """
        COPY (SELECT entry_id, ordinal, debit_account_id, credit_account_id, asset, amount FROM transfers ORDER BY entry_id, ordinal)
            TO STDOUT (FORMAT binary)
        """

    /// The kinds of entries that charges tell of, as the rows have them.
    private static let chargeKinds = [EntryKind.capture, .refund, .refundFailure, .disputeLoss].map { ($0, Array($0.rawValue.utf8)) }

    /// How a step ended.
    enum Step {
        case entry
        case needsEntries
        case needsTransfers
        case end
    }

    mutating func feedEntries(_ piece: [UInt8]?) { entries.feed(piece) }
    mutating func feedTransfers(_ piece: [UInt8]?) { transfers.feed(piece) }

    /// Recomputes one more entry and puts it, and whatever it lets go on, into `found`.
    mutating func step(
        _ accounts: BookAccounts,
        _ issues: inout VerificationIssues,
        into found: inout [EntryStage.Found]
    ) throws -> Step {
        if !isInEntry {
            guard try entries.next() else {
                guard entries.isAtEnd else { return .needsEntries }
                return try passOrphans(&issues) ? .end : .needsTransfers
            }
            isInEntry = true
        }
        let id = try entries.uuid(0)
        try beginContent()
        guard try readTransfers(of: id, accounts, &issues) else { return .needsTransfers }
        isInEntry = false
        entryCount += 1
        transferCount += Int64(moved.count)
        let digest = hasher.digest(content)
        let kept = entries.words(10)
        if kept != digest {
            let places = moved.flatMap { [$0.debit, $0.credit] }.filter { $0 >= 0 }
            let names = Set(places).map(accounts.name).sorted().joined(separator: ", ")
            issues.add(.entry, "entry \(EntryID(value: id)) on \(names): its content does not have the digest that it carries")
        }
        if moved.isEmpty { issues.add(.entry, "entry \(EntryID(value: id)) has no transfers") }
        let entry = AuditedEntry(postedAt: try entries.timestamp(11), digest: kept ?? digest)
        try conclude(id, entry, accounts, &issues, into: &found)
        return .entry
    }

    /// The part of the digest's content that comes from the entry's own row.
    private mutating func beginContent() throws {
        content.removeAll(keepingCapacity: true)
        entries.append(1...4, to: &content)
        append(try entries.timestamp(5))
        if entries.isNull(6) {
            append(Int32(-1))
        } else {
            append(Int32(8))
            append(try entries.timestamp(6))
        }
        entries.append(7...9, to: &content)
    }

    /// False when more rows are needed to see the last transfer of the entry.
    private mutating func readTransfers(of id: UInt128, _ accounts: BookAccounts, _ issues: inout VerificationIssues) throws -> Bool {
        let countPosition = content.count
        append(Int32(0))
        moved.removeAll(keepingCapacity: true)
        let begin = aheadMark ?? transfers.mark
        var ordinal: Int16 = 0
        while true {
            let mark = aheadMark ?? transfers.mark
            guard try aheadMark != nil || transfers.next() else {
                guard transfers.isAtEnd else {
                    transfers.goBack(to: begin)
                    return false
                }
                break
            }
            aheadMark = nil
            let owner = try transfers.uuid(0)
            guard owner <= id else {
                aheadMark = mark
                break
            }
            guard owner == id else {
                issues.add(.transfer, "a transfer belongs to entry \(EntryID(value: owner)), which is not there")
                continue
            }
            if try transfers.int16(1) != ordinal {
                issues.add(.transfer, "entry \(EntryID(value: id)): its transfer \(ordinal) is missing")
            }
            ordinal = try transfers.int16(1) &+ 1
            try takeTransfer(of: id, accounts, &issues)
        }
        for shift in 0..<4 { content[countPosition + shift] = UInt8(truncatingIfNeeded: moved.count >> (24 - 8 * shift)) }
        return true
    }

    private mutating func takeTransfer(of id: UInt128, _ accounts: BookAccounts, _ issues: inout VerificationIssues) throws {
        let minorUnits = try transfers.numeric(5)
        var sides: (Int32, Int32) = (-1, -1)
        for column in [2, 3] {
            let accountID = try transfers.uuid(column)
            append(accountID)
            guard let position = accounts.position(accountID) else {
                issues.add(.transfer, "entry \(EntryID(value: id)): a transfer names account \(accountID.uuidText), which is not there")
                continue
            }
            let account = accounts.accounts[Int(position)]
            content.append(contentsOf: accounts.parts[Int(account.part)])
            if !transfers.holds(accounts.assetBytes[Int(account.asset)], 4) {
                issues.add(
                    .transfer,
                    "entry \(EntryID(value: id)): a transfer moves another asset than account \(accounts.name(position)) holds"
                )
            }
            if column == 2 { sides.0 = position } else { sides.1 = position }
        }
        transfers.append(4...4, to: &content)
        appendDecimal(minorUnits)
        moved.append(AuditedTransfer(debit: sides.0, credit: sides.1, minorUnits: minorUnits))
    }

    /// Names transfers behind the last entry; false when more rows are needed.
    private mutating func passOrphans(_ issues: inout VerificationIssues) throws -> Bool {
        if let aheadMark { transfers.goBack(to: aheadMark) }
        aheadMark = nil
        while try transfers.next() {
            let owner = EntryID(value: try transfers.uuid(0))
            issues.add(.transfer, "a transfer belongs to entry \(owner), which is not there")
        }
        return transfers.isAtEnd
    }

    /// What the entry does, once what it ends is known.
    private mutating func conclude(
        _ id: UInt128,
        _ entry: AuditedEntry,
        _ accounts: BookAccounts,
        _ issues: inout VerificationIssues,
        into found: inout [EntryStage.Found]
    ) throws {
        let chargeID = try entries.isNull(4) ? nil : entries.uuid(4)
        guard let phase = BookedPhase(rawValue: entries.text(3) ?? "") else {
            issues.add(.entry, "entry \(EntryID(value: id)) has a phase that is not known")
            return found.append(EntryStage.Found(id: id, entry: entry))
        }
        if let chargeID, phase == .posted || phase == .post { book(chargeID, accounts) }
        var whole = entry
        switch phase {
        case .posted:
            whole.add(moved, as: .posted)
            found.append(EntryStage.Found(id: id, entry: whole))
        case .pending:
            whole.add(moved, as: .pending)
            found.append(EntryStage.Found(id: id, entry: whole))
            let expiresAt = try entries.isNull(6) ? nil : entries.timestamp(6)
            let open = PendingAudit.Open(transfers: moved, chargeID: chargeID, expiresAt: expiresAt)
            pending.open(id, open, &issues, into: &found)
        case .post, .void, .expire:
            let ending = PendingAudit.Ending(id: id, entry: entry, phase: phase, transfers: moved, chargeID: chargeID)
            pending.end(try entries.isNull(7) ? 0 : entries.uuid(7), ending, &issues, into: &found)
        }
    }

    /// Counts the entry for its charge, where it is of a kind that the charge tells of.
    private mutating func book(_ chargeID: UInt128, _ accounts: BookAccounts) {
        guard let kind = EntryAudit.chargeKinds.first(where: { entries.holds($0.1, 2) })?.0 else { return }
        for transfer in moved where transfer.debit >= 0 && transfer.credit >= 0 {
            let credited = accounts.accounts[Int(transfer.credit)]
            let asset = accounts.assets[Int(credited.asset)]
            switch kind {
            case .refund: charges.refunded.book(chargeID, asset, transfer.minorUnits)
            case .refundFailure: charges.refunded.book(chargeID, asset, -transfer.minorUnits)
            // What is written off leaves the account of disputed money; what is found again comes back to it.
            case .disputeLoss: charges.lost.book(chargeID, asset, credited.isDisputed ? transfer.minorUnits : -transfer.minorUnits)
            default: charges.captured.book(chargeID, "", transfer.minorUnits)
            }
        }
    }

    /// Names what ended something that never was, and compares what is open with what the books keep as open.
    mutating func finish(
        open kept: [UInt128: Int64?],
        _ issues: inout VerificationIssues,
        into found: inout [EntryStage.Found]
    ) {
        pending.finish(open: kept, &issues, into: &found)
    }

    private mutating func append<Integer: FixedWidthInteger>(_ number: Integer) {
        var bigEndian = number.bigEndian
        withUnsafeBytes(of: &bigEndian) { content.append(contentsOf: $0) }
    }

    private mutating func appendDecimal(_ value: Int128) {
        guard var rest = UInt64(exactly: value) else {
            let text = String(value)
            append(Int32(text.utf8.count))
            content.append(contentsOf: text.utf8)
            return
        }
        var digitCount = 1
        var limit: UInt64 = 10
        while digitCount < 19, rest >= limit {
            digitCount += 1
            limit *= 10
        }
        if digitCount == 19, rest >= 10_000_000_000_000_000_000 { digitCount = 20 }
        append(Int32(digitCount))
        let start = content.count
        for _ in 0..<digitCount { content.append(0) }
        for index in (start..<start + digitCount).reversed() {
            content[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }
}
