import HTTPTypes
import StrictJSON
import TestSupport
import Testing

/// Requests to a provider whose outcome nobody told us, for everything that moves money.
@Suite("Conformance: outcomes that are not known")
struct ConformanceOutcomeTests {
    /// How the answer to a request is lost; we give a provider ten seconds.
    private enum Loss: String, CaseIterable {
        /// The provider acts long after we gave up, while we ask again already, even where so many failures make us pause.
        case late
        /// The provider acts at once, and answers after we gave up.
        case silent
        /// The provider acts, and answers that it failed.
        case broken

        var order: String {
            switch self {
            case .late: #""hang_before_ms":17500"#
            case .silent: #""hang_after_ms":11500"#
            case .broken: #""commit_then_500":true"#
            }
        }
    }

    /// What is done under one loss, all at once: a charge is made, another one captured, a third given back in part.
    private struct Scene: Sendable {
        let loss: Loss
        let subject: ConformanceSubject
        /// A charge that is held, and one that is paid, where the provider can do that.
        let held: JSONValue?
        let paid: JSONValue?

        init(_ loss: Loss, _ subject: ConformanceSubject, _ stage: Stage) async throws {
            self.loss = loss
            self.subject = subject
            held = subject.has(.holds) ? try await subject.paid(stage, capture: "manual") : nil
            paid = subject.has(.refunds) ? try await subject.paid(stage) : nil
        }

        private var requests: Int { 1 + (held == nil ? 0 : 1) + (paid == nil ? 0 : 1) }

        /// Orders the provider to misbehave; webhooks could tell what the answers did not, so there are none.
        func begin(_ stage: Stage) async throws {
            try await subject.misbehave(stage, #"{\#(loss.order),"count":\#(requests),"drop":true}"#)
        }

        /// Asks for everything; gives the statuses of the answers.
        func ask(_ stage: Stage) async throws -> [Int] {
            async let made = subject.ask(stage, order: loss.rawValue).status
            async let captured = held.asyncMap { try await stage.operate($0, "capture", "{}").status }
            async let returned = paid.asyncMap { try await stage.operate($0, "refunds", #"{"amount":"\#(subject.part)"}"#).status }
            return try await [made, captured, returned].compactMap { $0 }
        }

        /// Waits until the provider has all requests.
        func isBegun(_ stage: Stage) async throws -> Bool {
            try await waitUntil(.seconds(90)) {
                try await stage.send(.get, subject.orders(stage, "state")).json["misbehaviours"]?.int64 == 0
            }
        }

        /// The charge that was asked for.
        func made(_ stage: Stage) async throws -> JSONValue? {
            try await stage.get("/v1/charges?order_id=\(loss.rawValue)").json["data"]?.array?.first
        }

        func refunds(_ stage: Stage) async throws -> [JSONValue] {
            guard let paid else { return [] }
            return try await stage.all("/v1/charges/\(paid["id"]?.string ?? "")/refunds")
        }

        /// What can be seen while no answer has come: nothing has happened, and nothing can be asked for twice.
        func expectUnderWay(_ stage: Stage) async throws {
            #expect(try await made(stage)?["status"]?.string == "processing", "\(loss)")
            if let held {
                #expect(try await stage.charge(held["id"]?.string, becomes: "authorized")["amount_captured"]?.string == "0.00")
                #expect(try await stage.operate(held, "capture", "{}").code == "operation_in_progress", "\(loss)")
            }
            if let paid {
                #expect(try await stage.charge(paid["id"]?.string, becomes: "succeeded")["amount_refunded"]?.string == "0.00")
                #expect(try await refunds(stage).map { $0["status"]?.string } == ["pending"], "\(loss)")
                #expect(try await stage.operate(paid, "refunds", "{\"amount\":\"\(subject.part)\"}").code == "refund_amount_too_large")
            }
        }

        /// Waits until everything has ended right by asking the provider again, without a webhook.
        func expectSettled(_ stage: Stage) async throws {
            let id = try #require(try await made(stage)?["id"]?.string)
            _ = try await stage.charge(id, becomes: subject.has(.payerAction) ? "requires_action" : "succeeded")
            if let held {
                let captured = try await stage.charge(held["id"]?.string, becomes: "succeeded")
                #expect(captured["amount_captured"]?.string == subject.amount, "\(loss)")
            }
            if paid != nil {
                let status = subject.takeRefund == nil ? "succeeded" : "requires_action"
                #expect(
                    try await waitUntil(.seconds(90)) { try await refunds(stage).map { $0["status"]?.string } == [status] },
                    "\(loss)"
                )
            }
        }

        /// Lets customers do what is left to them.
        func finish(_ stage: Stage) async throws {
            let charge = try #require(try await made(stage))
            if subject.has(.payerAction) { try await subject.pay(stage, charge) }
            for refund in try await refunds(stage) { try await subject.takeRefund?(stage, refund) }
        }

        /// What the order core has been told of each charge, and what has been booked for it: everything once.
        func expectEnd(_ stage: Stage) async throws {
            var ends = [(try await made(stage), told: subject.told, refunds: 0)]
            if let held { ends.append((held, told: subject.asked + ["charge.authorized", "charge.succeeded"], refunds: 0)) }
            if let paid { ends.append((paid, told: subject.told + ["refund.succeeded"], refunds: 1)) }
            for (charge, told, refunds) in ends {
                let id = try #require(charge?["id"]?.string)
                #expect(try await stage.told(id, told), "\(loss)")
                let items = try await stage.get("/v1/charges/\(id)/timeline").json["data"]?.array ?? []
                let entries = items.filter { $0["kind"]?.string == "ledger_entry" }.compactMap { $0["name"]?.string }
                #expect(entries.count { $0 == "capture" } == 1, "\(loss): \(entries)")
                #expect(entries.count { $0 == "refund" } == refunds, "\(loss): \(entries)")
            }
        }
    }

    @Test(
        "no answer in time, before or after the provider acted, or an error after it: seen as open, ended right by asking, and all of it once",
        .timeLimit(.minutes(5)),
        arguments: ConformanceSubject.all(with: .creation)
    )
    func unknown(subject: ConformanceSubject) async throws {
        try await subject.run { stage in
            var scenes: [Scene] = []
            for loss in Loss.allCases { scenes.append(try await Scene(loss, subject, stage)) }
            #expect(try await stage.settled())
            try await withThrowingTaskGroup(of: (Loss, [Int]).self) { group in
                for scene in scenes {
                    try await scene.begin(stage)
                    group.addTask { (scene.loss, try await scene.ask(stage)) }
                    #expect(try await scene.isBegun(stage))
                    if scene.loss != .broken { try await scene.expectUnderWay(stage) }
                }
                for try await (loss, statuses) in group {
                    #expect(statuses.first == 201 && statuses.dropFirst().allSatisfy { [200, 202].contains($0) }, "\(loss): \(statuses)")
                    if loss != .broken { #expect(statuses.dropFirst().allSatisfy { $0 == 202 }, "\(loss): \(statuses)") }
                }
            }
            for scene in scenes { try await scene.expectSettled(stage) }
            try await subject.misbehave(stage, #"{"drop":false}"#)
            for scene in scenes { try await scene.finish(stage) }
            try await Self.expectBooks(subject, stage, scenes: scenes.count)
            // After all has come to rest, so that nothing comes later.
            for scene in scenes { try await scene.expectEnd(stage) }
        }
    }

    /// What is owed, and what the provider holds: one object for each thing that was asked for.
    private static func expectBooks(_ subject: ConformanceSubject, _ stage: Stage, scenes: Int) async throws {
        let whole = 1 + (subject.has(.holds) ? 1 : 0)
        // 100.00 for each charge, and 40.00 for each that went back in part.
        let owed = scenes * (100 * whole + (subject.has(.refunds) ? 40 : 0))
        #expect(try await subject.rests(stage, owed: "\(owed).00"))
        let holdings = try await subject.holdings(stage)
        let charges = scenes * (whole + (subject.has(.refunds) ? 1 : 0))
        #expect(holdings.taken == charges)
        #expect(holdings.returned == (subject.has(.refunds) ? scenes : 0))
        #expect(holdings.payments == charges || !subject.has(.singleCreation) && holdings.payments > charges)
    }

    @Test(
        "the provider is asked whether an event is true and its answer is lost: it is asked again, and the payment is booked once",
        .timeLimit(.minutes(5)),
        arguments: ConformanceSubject.all(with: .inquiry)
    )
    func inquiry(subject: ConformanceSubject) async throws {
        try await subject.run { stage in
            let losses = [#""hang_before_ms":11500"#, #""status":500"#, #""mode":"html_200""#, #""mode":"commit_reset""#]
            var charges: [JSONValue] = []
            for loss in losses {
                let charge = try await stage.charge(try await subject.make(stage)["id"]?.string, becomes: "requires_action")
                charges.append(charge)
                try await subject.misbehave(stage, #"{\#(loss),"reads":true,"count":1}"#)
                try await subject.pay(stage, charge)
                let isLost = try await waitUntil(.seconds(90)) {
                    try await stage.send(.get, subject.orders(stage, "state")).json["misbehaviours"]?.int64 == 0
                }
                #expect(isLost, "\(loss)")
            }
            for charge in charges {
                let paid = try await stage.charge(charge["id"]?.string, becomes: "succeeded")
                #expect(paid["amount_captured"]?.string == subject.amount)
                #expect(try await stage.told(charge["id"]?.string, subject.told))
            }
            #expect(try await subject.rests(stage, owed: "\(100 * charges.count).00"))
            #expect(try await subject.holdings(stage).taken == charges.count)
        }
    }

    @Test(
        "the payer has agreed and the answer to our taking the money is lost: it is taken once",
        .timeLimit(.minutes(5)),
        arguments: ConformanceSubject.all(with: .completion, .payerAction)
    )
    func completion(subject: ConformanceSubject) async throws {
        try await subject.run { stage in
            var charges: [JSONValue] = []
            for loss in Loss.allCases {
                let charge = try await subject.make(stage)
                charges.append(charge)
                try await subject.misbehave(stage, #"{\#(loss.order),"count":1}"#)
                try await subject.pay(stage, charge)
                let isTaken = try await waitUntil(.seconds(90)) {
                    try await stage.send(.get, subject.orders(stage, "state")).json["misbehaviours"]?.int64 == 0
                }
                #expect(isTaken, "\(loss)")
            }
            for charge in charges {
                let paid = try await stage.charge(charge["id"]?.string, becomes: "succeeded")
                #expect(paid["amount_captured"]?.string == subject.amount)
                #expect(try await stage.told(charge["id"]?.string, subject.told))
            }
            #expect(try await subject.rests(stage, owed: "\(100 * charges.count).00"))
            #expect(try await subject.holdings(stage) == ConformanceSubject.Holdings(payments: charges.count, taken: charges.count))
        }
    }
}

extension Optional where Wrapped: Sendable {
    /// What `body` makes of the value, if there is one.
    fileprivate func asyncMap<Result: Sendable>(_ body: @Sendable (Wrapped) async throws -> Result) async rethrows -> Result? {
        if let self { try await body(self) } else { nil }
    }
}
