import Payments

/// Follows pending entries to their ends: what is posted, voided or expired must fit what was pending, and what has no end is open.
///
/// Entries come in the order of their ids, and clocks differ, so an end may come before its beginning; it waits then.
struct PendingAudit {
    /// A pending entry that nothing has ended so far.
    struct Open {
        let transfers: [AuditedTransfer]
        let chargeID: UInt128?
        let expiresAt: Int64?
    }

    /// An entry that ends a pending one.
    struct Ending {
        let id: UInt128
        let entry: AuditedEntry
        let phase: BookedPhase
        let transfers: [AuditedTransfer]
        let chargeID: UInt128?
    }

    private var open = IdentifierTable<Open>(capacity: 64)
    private var waiting = IdentifierTable<Ending>(capacity: 64)

    /// A pending entry begins.
    mutating func open(
        _ id: UInt128,
        _ pending: Open,
        _ issues: inout VerificationIssues,
        into found: inout [EntryStage.Found]
    ) {
        if let ending = waiting.remove(id) {
            PendingAudit.settle(ending, of: pending, &issues, into: &found)
        } else {
            open.insert(pending, for: id)
        }
    }

    /// A pending entry ends.
    mutating func end(
        _ pendingID: UInt128,
        _ ending: Ending,
        _ issues: inout VerificationIssues,
        into found: inout [EntryStage.Found]
    ) {
        if let pending = open.remove(pendingID) {
            PendingAudit.settle(ending, of: pending, &issues, into: &found)
        } else if let other = waiting.remove(pendingID) {
            waiting.insert(ending, for: pendingID)
            PendingAudit.reject(other, &issues, into: &found)
        } else {
            waiting.insert(ending, for: pendingID)
        }
    }

    /// Names ends without a beginning, and compares what is open with the list that the books keep.
    mutating func finish(
        open kept: [UInt128: Int64?],
        _ issues: inout VerificationIssues,
        into found: inout [EntryStage.Found]
    ) {
        for ending in waiting.all { PendingAudit.reject(ending.value, &issues, into: &found) }
        for (id, pending) in open.all {
            guard let expiresAt = kept[id] else {
                issues.add(.pending, "entry \(EntryID(value: id)) is pending and not in the list of open entries")
                continue
            }
            if expiresAt != pending.expiresAt {
                issues.add(.pending, "open entry \(EntryID(value: id)) is listed with another time of expiry than its own")
            }
        }
        for id in kept.keys.sorted() where !open.contains(id) {
            issues.add(.pending, "entry \(EntryID(value: id)) is in the list of open entries and not pending")
        }
    }

    private static func reject(
        _ ending: Ending,
        _ issues: inout VerificationIssues,
        into found: inout [EntryStage.Found]
    ) {
        issues.add(.pending, "entry \(EntryID(value: ending.id)) ends a pending entry that is not there or was ended by another")
        settle(ending, removing: [], into: &found)
    }

    private static func settle(
        _ ending: Ending,
        of pending: Open,
        _ issues: inout VerificationIssues,
        into found: inout [EntryStage.Found]
    ) {
        if !fits(ending, pending) {
            issues.add(.pending, "entry \(EntryID(value: ending.id)) does not fit the pending entry that it ends")
        }
        settle(ending, removing: pending.transfers, into: &found)
    }

    private static func settle(
        _ ending: Ending,
        removing transfers: [AuditedTransfer],
        into found: inout [EntryStage.Found]
    ) {
        var entry = ending.entry
        entry.add(transfers, as: .released)
        if ending.phase == .post { entry.add(ending.transfers, as: .posted) }
        found.append(EntryStage.Found(id: ending.id, entry: entry))
    }

    /// What is released is all that was pending; what is posted is a part of it, transfer by transfer.
    private static func fits(_ ending: Ending, _ pending: Open) -> Bool {
        guard ending.chargeID == pending.chargeID else { return false }
        guard ending.phase == .post else {
            return ending.transfers == pending.transfers && (ending.phase == .void || pending.expiresAt != nil)
        }
        var rest = pending.transfers[...]
        for transfer in ending.transfers {
            while let first = rest.first,
                first.debit != transfer.debit || first.credit != transfer.credit || first.minorUnits < transfer.minorUnits
            {
                rest.removeFirst()
            }
            guard !rest.isEmpty else { return false }
            rest.removeFirst()
        }
        return true
    }
}
