/// What follows from one step of a withdrawal: its new state, what is booked, and the news, all written in one commit.
package struct WithdrawalStep: Sendable, Hashable {
    /// The withdrawal after the step.
    package private(set) var withdrawal: Withdrawal
    /// What is booked, in order.
    package private(set) var postings: [PostingRequest.Content] = []
    package private(set) var notifications: [OrderCoreNotification] = []
    /// Money that could not go back to its wallet.
    package private(set) var exceptions: [PaymentException] = []

    init(_ withdrawal: Withdrawal) {
        self.withdrawal = withdrawal
    }

    /// Moves the withdrawal to where `fact` leads; false when it leads nowhere.
    mutating func move(by fact: WithdrawalTransitions.FactName, at now: Timestamp) -> Bool {
        guard let status = WithdrawalTransitions.destination(from: withdrawal.status, by: fact) else { return false }
        withdrawal.status = status
        touch(at: now)
        return true
    }

    /// Counts a change that leaves the status as it is.
    mutating func touch(at now: Timestamp) {
        withdrawal.updatedAt = max(withdrawal.updatedAt, now)
        withdrawal.version += 1
    }

    mutating func change(_ body: (inout Withdrawal) -> Void) {
        body(&withdrawal)
    }

    mutating func book(_ entry: JournalEntry?) {
        if let entry { postings.append(.entry(entry)) }
    }

    mutating func end(_ resolution: PendingResolution) {
        postings.append(.resolution(resolution))
    }

    mutating func report(_ exception: PaymentException) {
        exceptions.append(exception)
    }

    /// Tells the order core how the withdrawal stands now.
    mutating func announce(_ type: NotificationType, at now: Timestamp) {
        notifications.append(
            OrderCoreNotification(
                type: type,
                cause: "\(withdrawal.id):\(withdrawal.version)",
                subject: .withdrawal(withdrawal),
                occurredAt: now
            )
        )
    }
}
