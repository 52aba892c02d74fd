extension CaseFile {
    /// Gives refunds and disputes that were told before their charge was known the home that they would have had in the usual order.
    ///
    /// A charge becomes known by the name that its provider has for it, or by a fact that names both.
    mutating func adopt(after fact: PaymentFact, by id: ChargeID?, at now: Timestamp) -> [Decision] {
        var decisions: [Decision] = []
        for refund in homelessRefunds(of: id, toldBy: fact) {
            guard let charge = id.flatMap({ charges[$0] }) else { break }
            decisions.append(refund.adopted(by: charge, at: now))
            decisions.last.map { keep($0) }
        }
        for dispute in homelessDisputes(of: id, toldBy: fact) {
            guard let charge = id.flatMap({ charges[$0] }) else { break }
            decisions.append(dispute.adopted(by: charge, at: now))
            decisions.last.map { keep($0) }
        }
        return decisions
    }

    private func homelessRefunds(of id: ChargeID?, toldBy fact: PaymentFact) -> [Refund] {
        guard hasHomeless, let charge = id.flatMap({ charges[$0] }) else { return [] }
        let told: String? = if case .refund(let refund) = fact.kind { refund.transaction } else { nil }
        return refunds.values.filter { refund in
            guard refund.chargeID == nil, refund.provider == charge.provider else { return false }
            return refund.paymentReference.map { $0 == charge.providerReference } ?? false
                || told != nil && refund.providerReference == told
        }.sorted { $0.id < $1.id }
    }

    private func homelessDisputes(of id: ChargeID?, toldBy fact: PaymentFact) -> [Dispute] {
        guard hasHomeless, let charge = id.flatMap({ charges[$0] }) else { return [] }
        let told: String? =
            switch fact.kind {
            case .dispute(let dispute): dispute.dispute
            case .disputeFunds(let funds): funds.dispute
            default: nil
            }
        return disputes.values.filter { dispute in
            guard dispute.chargeID == nil, dispute.provider == charge.provider else { return false }
            return dispute.paymentReference.map { $0 == charge.providerReference } ?? false || dispute.providerReference == told
        }.sorted { $0.id < $1.id }
    }
}

extension PaymentFact {
    /// The provider's name for the payment that a fact names its charge by.
    package var paymentReference: String? {
        if case .reference(let text) = subject { return text }
        return providerReference
    }
}
