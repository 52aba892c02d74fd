import StrictJSON

extension ConformanceSubject {
    /// Lives of QRs that we make ourselves, whose payments the bank confirms one by one.
    static let bankLives = [
        ConformanceLife(
            name: "paid too little, paid, and paid once more",
            live: { stage, charge in
                for amount in ["40.00", "100.00", "100.00"] { try await stage.pay(charge, #","amount":"\#(amount)""#) }
                return [charge["provider_reference"]?.string ?? ""]
            },
            events: ["40.00", "100.00", "100.00"],
            leadsToCalls: false,
            owed: "100.00",
            suspense: "140.00",
            told: ["charge.requires_action", "charge.succeeded", "payment.unmatched", "payment.unmatched"]
        )
    ]

    /// Lives of invoices in coins.
    ///
    /// The processor is asked at each event how the invoice stands, and here it stands as in the end.
    static let cryptoLives = [
        ConformanceLife(
            name: "seen and settled",
            live: { stage, charge in
                let transaction = try await stage.sendCoins(charge)
                try await stage.chain("confirm", ["tx": transaction, "n": 6])
                return [charge["provider_reference"]?.string ?? ""]
            },
            events: ["InvoiceCreated", "InvoiceReceivedPayment", "InvoiceProcessing", "InvoicePaymentSettled", "InvoiceSettled"],
            owed: "100.00",
            told: ["charge.requires_action", "charge.succeeded"]
        ),
        ConformanceLife(
            name: "settled, dropped by a reorganisation, and settled again",
            live: { stage, charge in
                let transaction = try await stage.sendCoins(charge)
                try await stage.chain("confirm", ["tx": transaction, "n": 6])
                try await stage.chain("reorg", ["tx": transaction])
                try await stage.chain("confirm", ["tx": transaction, "n": 6])
                return [charge["provider_reference"]?.string ?? ""]
            },
            events: [
                "InvoiceCreated", "InvoiceReceivedPayment", "InvoiceProcessing", "InvoicePaymentSettled", "InvoiceSettled",
                "InvoiceInvalid", "InvoicePaymentSettled", "InvoiceSettled",
            ],
            owed: "100.00",
            told: ["charge.requires_action", "charge.succeeded", "refund.succeeded", "refund.failed"]
        ),
    ]
}
