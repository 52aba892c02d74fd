/// Names a charge.
package struct ChargeID: Identifier {
    package static let prefix = "ch_"
    @TwoWords package private(set) var value: UInt128
    package init(value: UInt128) { self.value = value }
}

/// Names a refund.
package struct RefundID: Identifier {
    package static let prefix = "re_"
    @TwoWords package private(set) var value: UInt128
    package init(value: UInt128) { self.value = value }
}

/// Names a dispute.
package struct DisputeID: Identifier {
    package static let prefix = "dp_"
    @TwoWords package private(set) var value: UInt128
    package init(value: UInt128) { self.value = value }
}

/// Names a provider's payment to our bank.
package struct SettlementID: Identifier {
    package static let prefix = "stl_"
    @TwoWords package private(set) var value: UInt128
    package init(value: UInt128) { self.value = value }
}

/// Names a customer's withdrawal.
package struct WithdrawalID: Identifier {
    package static let prefix = "wd_"
    @TwoWords package private(set) var value: UInt128
    package init(value: UInt128) { self.value = value }
}

/// Names a provider's event in our inbox.
package struct WebhookEventID: Identifier {
    package static let prefix = "evt_"
    @TwoWords package private(set) var value: UInt128
    package init(value: UInt128) { self.value = value }
}

/// Names a journal entry.
package struct EntryID: Identifier {
    package static let prefix = "je_"
    @TwoWords package private(set) var value: UInt128
    package init(value: UInt128) { self.value = value }
}

/// Names a notification to the order core; the same over all its deliveries.
package struct NotificationID: Identifier {
    package static let prefix = "ntf_"
    @TwoWords package private(set) var value: UInt128
    package init(value: UInt128) { self.value = value }
}

/// Names an exception that finance has to look at.
package struct ExceptionID: Identifier {
    package static let prefix = "exc_"
    @TwoWords package private(set) var value: UInt128
    package init(value: UInt128) { self.value = value }
}

/// Names an API key, never the secret itself.
package struct APIKeyID: Identifier {
    package static let prefix = "key_"
    @TwoWords package private(set) var value: UInt128
    package init(value: UInt128) { self.value = value }
}

/// Names a journal entry that somebody asks for by hand.
package struct ManualEntryID: Identifier {
    package static let prefix = "man_"
    @TwoWords package private(set) var value: UInt128
    package init(value: UInt128) { self.value = value }
}
