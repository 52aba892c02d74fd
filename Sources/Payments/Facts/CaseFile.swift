/// The charges, refunds, disputes, settlements and booked causes that some facts concern, and what each fact did to them.
///
/// The shell fills it under lock, lets it decide fact after fact, and writes what has changed.
package struct CaseFile: Sendable {
    package private(set) var charges: [ChargeID: Charge]
    package private(set) var refunds: [RefundID: Refund]
    private(set) var disputes: [ProviderReference: Dispute]
    private var settlements: [ProviderReference: Settlement]
    private var byReference: [ProviderReference: ChargeID] = [:]
    private var causes: Set<EntryCause>
    /// Whether there are refunds or disputes whose charge is not known.
    private(set) var hasHomeless: Bool

    /// Opens a file with everything that is known.
    package init(
        charges: [Charge],
        refunds: [Refund] = [],
        disputes: [Dispute] = [],
        settlements: [Settlement] = [],
        causes: Set<EntryCause> = []
    ) {
        self.charges = Dictionary(charges.map { ($0.id, $0) }) { first, _ in first }
        self.refunds = Dictionary(refunds.map { ($0.id, $0) }) { first, _ in first }
        self.disputes = Dictionary(disputes.map { (ProviderReference($0.provider, $0.providerReference), $0) }) { first, _ in first }
        self.settlements = Dictionary(settlements.map { (ProviderReference($0.provider, $0.providerReference), $0) }) { first, _ in first }
        self.causes = causes
        hasHomeless = refunds.contains { $0.chargeID == nil } || disputes.contains { $0.chargeID == nil }
        for charge in charges {
            guard let reference = charge.providerReference else { continue }
            byReference[ProviderReference(charge.provider, reference)] = charge.id
        }
    }

    /// Makes ids for what a fact brings to light.
    package struct NewIdentifiers {
        let refund: () -> RefundID
        let dispute: () -> DisputeID
        let settlement: () -> SettlementID

        /// Takes ids from the shell.
        package init(
            refund: @escaping () -> RefundID,
            dispute: @escaping () -> DisputeID,
            settlement: @escaping () -> SettlementID
        ) {
            self.refund = refund
            self.dispute = dispute
            self.settlement = settlement
        }
    }

    /// The entry that must not be booked before for a fact to count, because no row of its own remembers it.
    package static func cause(of fact: PaymentFact) -> EntryCause? {
        switch fact.kind {
        // Coins may have been booked payment by payment, so they are looked at one by one.
        case .captured(let capture): capture.coins == nil ? CaptureCause.of(capture, through: fact.provider) : nil
        case .unclaimed(let capture, _): CaptureCause.of(capture, through: fact.provider)
        case .disputeFunds(let funds): Dispute.cause(of: funds, through: fact.provider)
        case .fee(let fee): fee.cause(through: fact.provider)
        default: nil
        }
    }

    /// Decides one fact and keeps its effect for those that follow; also tells which charge the fact reached.
    ///
    /// Money whose cause the ledger holds already was booked by an earlier telling of the same fact, whatever it led to then.
    package mutating func decide(_ fact: PaymentFact, at now: Timestamp, new: NewIdentifiers) -> (Decision, ChargeID?) {
        let match = charge(for: fact)
        var (decision, chargeID) = (Decision.alreadyKnown, match.charge?.id)
        if !(CaseFile.cause(of: fact).map(causes.contains) ?? false) {
            (decision, chargeID) = self.decision(fact, match.charge, isAmbiguous: match.isAmbiguous, at: now, new)
            if !CaptureCause.candidates(of: fact).isEmpty { decision.drop(causes) }
            if let charge = decision.charge, charges[charge.id]?.hasReturnedTooMuch ?? false, !charge.hasReturnedTooMuch {
                decision.resolutions.append(.covered(charge))
            }
            keep(decision)
        }
        decision.adoptions = adopt(after: fact, by: match.charge?.id, at: now)
        return (decision, decision.adoptions.isEmpty ? chargeID : match.charge?.id)
    }

    private func decision(
        _ fact: PaymentFact,
        _ charge: Charge?,
        isAmbiguous: Bool,
        at now: Timestamp,
        _ new: NewIdentifiers
    ) -> (Decision, ChargeID?) {
        switch fact.kind {
        case .refund(let told):
            return decide(told, fact, charge, at: now, new)
        case .refundRefused(let refusal):
            guard let refund = refunds[refusal.refundID] else { return (.alreadyKnown, charge?.id) }
            let owner = refund.chargeID.flatMap { charges[$0] }
            return (refund.refuse(refusal.failure, fact, charge: owner, at: now), owner?.id)
        case .dispute(let told):
            let (known, owner) = dispute(told.dispute, fact, charge)
            return (Dispute.decide(told, fact, known: known, charge: owner, newID: new.dispute(), at: now), owner?.id)
        case .disputeFunds(let funds):
            let (known, owner) = dispute(funds.dispute, fact, charge)
            return (Dispute.decide(funds, fact, known: known, charge: owner, newID: new.dispute(), at: now), owner?.id)
        case .fee(let fee):
            return (fee.decide(fact, charge: charge), charge?.id)
        case .payout(let told):
            let known = settlements[ProviderReference(fact.provider, told.payout)]
            return (Settlement.decide(told, fact, known: known, newID: new.settlement(), at: now), nil)
        default:
            guard let charge else {
                return (SuspenseRule.unmatched(fact, reason: isAmbiguous ? .ambiguous : .unknownCharge, at: now), nil)
            }
            return (charge.apply(fact, at: now), charge.id)
        }
    }

    /// A refund stays with the charge that it was first known for.
    private func decide(
        _ told: PaymentFact.Refund,
        _ fact: PaymentFact,
        _ charge: Charge?,
        at now: Timestamp,
        _ new: NewIdentifiers
    ) -> (Decision, ChargeID?) {
        let candidates = refunds.values.filter { $0.provider == fact.provider }
        let known = Refund.told(by: told, of: charge?.id, among: candidates)
        let owner = known.map { $0.chargeID.flatMap { charges[$0] } } ?? charge
        return (Refund.decide(told, fact, known: known, charge: owner, newID: new.refund(), at: now), owner?.id)
    }

    private func dispute(_ reference: String, _ fact: PaymentFact, _ charge: Charge?) -> (Dispute?, Charge?) {
        guard let known = disputes[ProviderReference(fact.provider, reference)] else { return (nil, charge) }
        return (known, known.chargeID.flatMap { charges[$0] })
    }

    mutating func keep(_ decision: Decision) {
        if let charge = decision.charge {
            charges[charge.id] = charge
            if let reference = charge.providerReference {
                byReference[ProviderReference(charge.provider, reference)] = charge.id
            }
        }
        if let refund = decision.refund {
            refunds[refund.id] = refund
            hasHomeless = hasHomeless || refund.chargeID == nil
        }
        if let dispute = decision.dispute {
            disputes[ProviderReference(dispute.provider, dispute.providerReference)] = dispute
            hasHomeless = hasHomeless || dispute.chargeID == nil
        }
        if let settlement = decision.settlement {
            settlements[ProviderReference(settlement.provider, settlement.providerReference)] = settlement
        }
        causes.formUnion(decision.entries.map(\.cause))
    }

    private func charge(for fact: PaymentFact) -> (charge: Charge?, isAmbiguous: Bool) {
        switch fact.subject {
        case .charge(let id):
            return (charges[id].flatMap { $0.provider == fact.provider ? $0 : nil }, false)
        case .reference(let text):
            return (byReference[ProviderReference(fact.provider, text)].flatMap { charges[$0] }, false)
        case .amount(let amount):
            let open = charges.values.filter { $0.provider == fact.provider && $0.status == .requiresAction && $0.order.amount == amount }
            return (open.count == 1 ? open.first : nil, open.count > 1)
        case .unknown:
            return (nil, false)
        }
    }
}
