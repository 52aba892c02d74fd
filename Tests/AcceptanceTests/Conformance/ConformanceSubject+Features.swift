extension ConformanceSubject {
    /// What a provider may lack; a check of it takes the subjects that have it, and another one expects the refusal where there is one.
    enum Feature: String, Hashable, CaseIterable {
        /// The payer has something to do between the request and the payment.
        case payerAction
        /// Money can be held and taken later.
        case holds
        case refunds
        case disputes
        /// The provider can tell that a payment was declined.
        case declines
        /// The provider's API is called to make a charge.
        case creation
        /// A request to make a charge that comes twice makes one.
        case singleCreation
        /// A call of ours takes the money after the payer has agreed.
        case completion
        /// What an event tells is asked of the provider's API before money moves.
        case inquiry
        /// What a charge lives through is told in several events.
        case severalEvents
        /// A door for webhooks that no other subject has.
        case door
        /// A secret that the provider and we know proves a delivery.
        case sharedSecret
        /// Events have types, so that there can be one that nobody knows.
        case eventTypes
        /// A time is signed, and one that is too old is refused.
        case signatureTime
        /// A signed time that is too far ahead is refused.
        case futureLimit
        /// Vectors that can be checked without a network.
        case vectors
    }

    static let all = [stripe, stripePromptPay, payPal, signedBank, scb, omise, crypto]

    /// The subjects that have all of these.
    static func all(with features: Feature...) -> [ConformanceSubject] {
        all.filter { subject in features.allSatisfy(subject.has) }
    }

    /// The subjects that lack something, each with its reason in `lacks`, but have all of `others`.
    static func all(without feature: Feature, with others: Feature...) -> [ConformanceSubject] {
        all.filter { subject in !subject.has(feature) && others.allSatisfy(subject.has) }
    }

    func has(_ feature: Feature) -> Bool { lacks[feature] == nil }
}
