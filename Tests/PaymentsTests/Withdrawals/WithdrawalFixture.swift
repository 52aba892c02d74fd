import Payments

/// What the tests of withdrawals share.
enum WithdrawalFixture {
    static let now = Timestamp(seconds: 1_795_460_000)
    static let requester = APIKeyID(value: 1)
    static let other = APIKeyID(value: 2)
    static let failure = ChargeFailure(code: "payout_failed", message: "No.", providerCode: "RETURNED", isRetryable: false)

    static func thb(_ minorUnits: Int128) -> Amount { Amount(minorUnits: minorUnits, asset: .thb) }

    /// A withdrawal of 500.00 THB that is asked for.
    static func withdrawal(limit: Int128 = 0, minorUnits: Int128 = 50_000, customer: String = "c") throws -> Withdrawal? {
        Withdrawal(
            id: WithdrawalID(value: 7),
            customerID: customer,
            amount: thb(minorUnits),
            destination: try WithdrawalDestination("paypal:winner@example.com"),
            requestedBy: requester,
            approvalLimit: thb(limit),
            createdAt: now
        )
    }

    static func decision(_ isApproved: Bool = true, by key: APIKeyID? = other) -> WithdrawalDecision {
        WithdrawalDecision(isApproved: isApproved, decidedBy: key, decidedAt: now.advanced(by: .seconds(1)), reason: "seen")
    }

    static func fact(_ state: PayoutFact.State, fee: Int128? = nil) -> PayoutFact {
        PayoutFact(reference: "B1", state: state, fee: fee.map { thb($0) }, occurredAt: now.advanced(by: .seconds(2)))
    }
}

/// Books that take whatever they get, to see where the money stands in the end.
final class WithdrawalBook {
    private(set) var balances: [String: Int128] = [:]
    private var pending: [EntryCause: JournalEntry] = [:]
    private var causes: Set<EntryCause> = []

    /// What a customer cannot spend for now.
    var held: Int128 { pending.values.flatMap(\.transfers).reduce(0) { $0 + $1.amount.minorUnits } }

    /// Books a step; false when a cause came twice, or something ends that is not pending.
    func book(_ step: WithdrawalStep) -> Bool {
        step.postings.allSatisfy { book($0) }
    }

    private func book(_ posting: PostingRequest.Content) -> Bool {
        switch posting {
        case .entry(let entry):
            guard causes.insert(entry.cause).inserted else { return false }
            if case .pending = entry.phase { pending[entry.cause] = entry } else { move(entry.transfers) }
            return true
        case .resolution(let resolution):
            guard causes.insert(resolution.cause).inserted, let entry = pending.removeValue(forKey: resolution.pending) else {
                return false
            }
            if resolution.outcome == .post { move(entry.transfers) }
            return true
        }
    }

    private func move(_ transfers: [Transfer]) {
        for transfer in transfers {
            balances[transfer.debit.name.text, default: 0] -= transfer.amount.minorUnits
            balances[transfer.credit.name.text, default: 0] += transfer.amount.minorUnits
        }
    }

    /// The accounts on which anything is left, credits counted positive.
    var standing: [String: Int128] { balances.filter { $0.value != 0 } }
}
