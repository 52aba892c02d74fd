/// Names a charge.
package struct ChargeID: Identifier {
    package static let prefix = "ch_"
    package let value: UInt128
    package init(value: UInt128) { self.value = value }
}

/// Names a provider's event in our inbox.
package struct WebhookEventID: Identifier {
    package static let prefix = "evt_"
    package let value: UInt128
    package init(value: UInt128) { self.value = value }
}

/// Names a journal entry.
package struct EntryID: Identifier {
    package static let prefix = "je_"
    package let value: UInt128
    package init(value: UInt128) { self.value = value }
}

/// Names a notification to the order core; the same over all its deliveries.
package struct NotificationID: Identifier {
    package static let prefix = "ntf_"
    package let value: UInt128
    package init(value: UInt128) { self.value = value }
}

/// Names an exception that finance has to look at.
package struct ExceptionID: Identifier {
    package static let prefix = "exc_"
    package let value: UInt128
    package init(value: UInt128) { self.value = value }
}

/// Names an API key, never the secret itself.
package struct APIKeyID: Identifier {
    package static let prefix = "key_"
    package let value: UInt128
    package init(value: UInt128) { self.value = value }
}

/// Names a journal entry that somebody asks for by hand.
package struct ManualEntryID: Identifier {
    package static let prefix = "man_"
    package let value: UInt128
    package init(value: UInt128) { self.value = value }
}
