import HTTPTypes
import Payments
import Providers
import StrictJSON
import TestSupport
import Testing

/// A provider as the conformance suite sees it: how a gateway is set up for it, what its payers can do, and what its webhooks look like.
///
/// A new provider is one more value in `all`. What a provider cannot do is said in its value with the reason (`lacks`), and the suite then
/// expects the refusal.
struct ConformanceSubject: Sendable, CustomTestStringConvertible {
    let name: String
    /// The provider's own name, the last part of its webhooks' address.
    let provider: ProviderName
    /// The simulator that stands for it.
    let simulator: String
    /// What the provider lacks, and why: checks of it leave the provider out.
    let lacks: [Feature: String]
    /// Settings that differ from those of the stage.
    var settings: [String: String] = [:]
    /// Method and what belongs to it, as members of the order core's request.
    let members: String
    let currency: String
    /// What is charged, and what is taken or given back of it in part.
    let amount: String
    let part: String
    let rest: String
    /// Where the simulator takes an order of a name.
    let orders: @Sendable (Stage, String) -> String
    /// What the payer is asked to do; nil where a charge needs nothing of the payer but what the order core sends with it.
    var nextAction: String?
    /// Lets the payer pay a charge that waits for it.
    let pay: @Sendable (Stage, JSONValue) async throws -> Void
    /// Lets the customer take a refund that waits for it; nil where money goes back by itself.
    var takeRefund: (@Sendable (Stage, JSONValue) async throws -> Void)?
    /// How a paid charge is disputed; nil where there are no disputes.
    var dispute: Dispute?
    /// Every way in which a payment is declined; none where payers cannot be declined.
    var declines: [Decline] = []
    /// Misbehaviour of the API after which the outcome is not known to us; none where the API is not needed to make a charge.
    var lostAnswers: [String] = []
    /// What the simulator holds.
    let holdings: @Sendable (Stage) async throws -> Holdings
    /// What a charge can live through that is told in several webhooks; none where there is only one to tell of.
    let lives: [ConformanceLife]
    let limits: Limits
    let door: Door

    var testDescription: String { name }

    /// Every misbehaviour of an API that leaves us without a good answer.
    static let lostAnswers = ["error_500", "commit_500", "commit_reset", "html_200", "rate_limited"]

    /// Counts of what a provider holds.
    struct Holdings: Sendable, Hashable {
        /// Payments that were made for us, paid or not.
        let payments: Int
        /// Those of which money was taken.
        let taken: Int
        /// Refunds.
        var returned = 0
    }

    /// A dispute that can be brought about.
    struct Dispute: Sendable {
        /// Lets the payer dispute a paid charge; gives the provider's name of the dispute.
        let open: @Sendable (Stage, JSONValue) async throws -> String
        /// Decides it for us or against us.
        let conclude: @Sendable (Stage, String, Bool) async throws -> Void
        /// What payment and dispute cost, however it ends.
        let fees: String
        /// What the provider owes us in the end, when we win and when we lose.
        let won: String
        let lost: String
    }

    /// A decline that can be brought about.
    struct Decline: Sendable {
        let name: String
        /// What the gateway tells the order core, and the provider's own word.
        let code: String
        let providerCode: String?
        /// Whether the order core is told that another try may succeed.
        let isRetryable: Bool
        /// Makes a charge that is declined.
        let make: @Sendable (Stage, ConformanceSubject) async throws -> JSONValue
    }

    /// What may be charged.
    struct Limits: Sendable {
        let least: String
        let belowLeast: String
        let most: String
        let aboveMost: String
        /// More decimals than the currency has.
        let tooPrecise: String
        let foreignCurrency: String
        /// The status of a charge at the limits.
        let status: String
    }

    /// How the provider proves its webhooks.
    struct Door: Sendable {
        /// The setting that holds the secrets, and three of them: two that are live during a change, one that never was.
        let secretsSetting: String?
        let secrets: [String]
        /// A provider that knows these secrets.
        let verifier: @Sendable ([String]) throws -> any PaymentProvider
        /// A delivery signed with a secret at a time in seconds; nil where only the provider's own key can sign.
        let signed: (@Sendable ([UInt8], String, Int64) -> UnverifiedWebhook)?
        /// Seconds after which a signature is too old; nil where it holds no time, or none that may be judged.
        let tolerance: Int64?
        /// A delivery that the simulator has signed; nil where `signed` can do it.
        var delivered: (@Sendable (Stage, [UInt8]) async throws -> UnverifiedWebhook)?
        /// Headers that nothing follows from.
        var unreadHeaders: Set<HTTPField.Name> = []
        /// What headers are changed to by forgers, where another character alone would be as good as the true one.
        var forgedValues: [HTTPField.Name: String] = [:]
        /// A well-formed event of a name, of a type that nobody knows where there are types.
        let event: @Sendable (String) -> [UInt8]
        /// The vectors of `providers/<name>`; none where another suite holds them because they need a network.
        let vectors: @Sendable () throws -> [Vector]
        /// How many there are at least.
        var vectorsLeast = 0
    }

    /// A delivery with what is to become of it.
    struct Vector: Sendable {
        let name: String
        let secrets: [String]
        let webhook: UnverifiedWebhook
        let now: Int64
        let isValid: Bool
    }
}

extension ConformanceSubject {
    /// Runs `body` on a stage of this provider, with the settings that `changes` replace.
    func run(changes: [String: String] = [:], _ body: @Sendable (Stage) async throws -> Void) async throws {
        let settings = settings.merging(changes) { _, new in new }
        try await Stage.run(changes: settings, simulators: ["order-core", simulator]) { stage, _ in try await body(stage) }
    }

    /// Orders the simulator to misbehave.
    func misbehave(_ stage: Stage, _ order: String) async throws {
        try await stage.control(orders(stage, "misbehaviour"), order)
    }

    /// Asks for a charge and gives the answer, whatever it is.
    func ask(
        _ stage: Stage,
        order: String = "o",
        amount: String? = nil,
        currency: String? = nil,
        capture: String = "automatic",
        members: String? = nil
    ) async throws -> Stage.Answer {
        let money = #""amount":"\#(amount ?? self.amount)","currency":"\#(currency ?? self.currency)""#
        return try await stage.createCharge(#"{"order_id":"\#(order)",\#(money),"capture":"\#(capture)",\#(members ?? self.members)}"#)
    }

    /// A charge that was made.
    func make(_ stage: Stage, capture: String = "automatic", members: String? = nil) async throws -> JSONValue {
        let answer = try await ask(stage, capture: capture, members: members)
        guard answer.status < 300 else {
            throw StageError("\(name) answered \(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
        }
        return answer.json
    }

    /// A charge that was paid.
    func paid(_ stage: Stage, capture: String = "automatic") async throws -> JSONValue {
        let charge = try await make(stage, capture: capture)
        if has(.payerAction) { try await pay(stage, charge) }
        return try await stage.charge(charge["id"]?.string, becomes: capture == "manual" ? "authorized" : "succeeded")
    }

    /// What the order core is told of a charge that is paid.
    var told: [String] { asked + ["charge.succeeded"] }

    /// What the order core is told before the payer has done anything.
    var asked: [String] { has(.payerAction) ? ["charge.requires_action"] : [] }

    /// Waits until everything has come to rest, and checks that the books balance, that only `owed` is owed for orders, and that no
    /// money is without a home.
    func rests(_ stage: Stage, owed: String) async throws -> Bool {
        let isOwed = try await stage.balance("orders:payable:\(currency)", becomes: owed)
        let accounts = try await stage.get("/v1/ledger/trial-balance").json["accounts"]?.array ?? []
        let homeless = accounts.filter { account in
            let zeros = Set("0.-")
            return account["name"]?.string?.hasPrefix("suspense:") == true && account["balance"]?.string?.allSatisfy(zeros.contains) != true
        }
        let isSettled = try await stage.settled()
        let isBalanced = try await stage.booksAreRight()
        return isOwed && homeless.isEmpty && isSettled && isBalanced
    }
}
