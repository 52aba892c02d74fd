import HTTPTypes
import Payments
import Providers
import TestSupport
import Testing

/// Whose webhooks are let in: every vector, the clock's edges, and secrets that change.
@Suite("Conformance: signatures")
struct ConformanceSignatureTests {
    private static let now: Int64 = 1_795_320_000
    private static let year: Int64 = 365 * 86_400

    private static func isVerified(_ verdict: WebhookVerdict) -> Bool {
        if case .verified = verdict { true } else { false }
    }

    @Test("every vector is met", arguments: ConformanceSubject.all(with: .door, .vectors))
    func vectors(subject: ConformanceSubject) throws {
        let vectors = try subject.door.vectors()
        #expect(vectors.count >= subject.door.vectorsLeast)
        for vector in vectors {
            let verdict = try subject.door.verifier(vector.secrets).verify(vector.webhook, at: Timestamp(seconds: vector.now))
            switch verdict {
            case .verified: #expect(vector.isValid, "\(vector.name)")
            // A signature over something that is no event is right, and is refused for its form.
            case .refused(let reason): #expect(!vector.isValid || reason == .bodyMalformed, "\(vector.name): \(reason)")
            case .undecided, .unavailable: Issue.record("\(vector.name)")
            }
        }
    }

    @Test(
        "while a secret changes both are right; a third never was, and the old one is wrong once it is gone",
        arguments: ConformanceSubject.all(with: .door, .sharedSecret)
    )
    func rotation(subject: ConformanceSubject) throws {
        let door = subject.door
        let signed = try #require(door.signed)
        let body = door.event("rotation")
        let verdicts = { (live: [String]) in
            try door.secrets.map { secret in
                Self.isVerified(try door.verifier(live).verify(signed(body, secret, Self.now), at: Timestamp(seconds: Self.now)))
            }
        }
        #expect(try verdicts(Array(door.secrets.prefix(2))) == [true, true, false])
        #expect(try verdicts([door.secrets[1]]) == [false, true, false])
    }

    /// Whether a delivery of the present is let in by a gateway whose clock shows so many seconds more.
    private static func isVerified(_ subject: ConformanceSubject, ourClockAhead seconds: Int64) throws -> Bool {
        let door = subject.door
        let signed = try #require(door.signed)
        let webhook = signed(door.event("clock"), door.secrets[0], now)
        return isVerified(try door.verifier([door.secrets[0]]).verify(webhook, at: Timestamp(seconds: now + seconds)))
    }

    @Test(
        "a signature is let in to the last second of the tolerance, and no longer",
        arguments: ConformanceSubject.all(with: .door, .sharedSecret, .signatureTime)
    )
    func old(subject: ConformanceSubject) throws {
        let tolerance = try #require(subject.door.tolerance)
        for seconds in [0, 1, tolerance] { #expect(try Self.isVerified(subject, ourClockAhead: seconds), "\(seconds)") }
        for seconds in [tolerance + 1, 2 * tolerance, Self.year] {
            #expect(try !Self.isVerified(subject, ourClockAhead: seconds), "\(seconds)")
        }
    }

    @Test(
        "a signature of a time that is still to come is let in to the last second of the tolerance, and no further",
        arguments: ConformanceSubject.all(with: .door, .sharedSecret, .signatureTime, .futureLimit)
    )
    func ahead(subject: ConformanceSubject) throws {
        let tolerance = try #require(subject.door.tolerance)
        for seconds in [1, tolerance] { #expect(try Self.isVerified(subject, ourClockAhead: -seconds), "\(seconds)") }
        for seconds in [tolerance + 1, 2 * tolerance, Self.year] {
            #expect(try !Self.isVerified(subject, ourClockAhead: -seconds), "\(seconds)")
        }
    }

    @Test(
        "where times ahead have no limit, one in a year is let in",
        arguments: ConformanceSubject.all(without: .futureLimit, with: .door, .sharedSecret)
    )
    func farAhead(subject: ConformanceSubject) throws {
        for seconds in [1, 301, Self.year] { #expect(try Self.isVerified(subject, ourClockAhead: -seconds), "\(seconds)") }
    }

    @Test(
        "where no time is signed, a delivery proves itself for ever",
        arguments: ConformanceSubject.all(without: .signatureTime, with: .door, .sharedSecret)
    )
    func timeless(subject: ConformanceSubject) throws {
        for seconds in [-Self.year, 0, Self.year] { #expect(try Self.isVerified(subject, ourClockAhead: seconds), "\(seconds)") }
    }

    @Test("what is cut, changed or not signed at all is refused", arguments: ConformanceSubject.all(with: .door, .sharedSecret))
    func damage(subject: ConformanceSubject) throws {
        let door = subject.door
        let signed = try #require(door.signed)
        let provider = try door.verifier([door.secrets[0]])
        let whole = signed(door.event("damage"), door.secrets[0], Self.now)
        let now = Timestamp(seconds: Self.now)
        #expect(Self.isVerified(provider.verify(whole, at: now)))
        #expect(!Self.isVerified(provider.verify(UnverifiedWebhook(headers: [:], body: whole.body), at: now)))
        for length in 0..<whole.body.count {
            let cut = UnverifiedWebhook(headers: whole.headers, body: Array(whole.body.prefix(length)), pathSecret: whole.pathSecret)
            #expect(!Self.isVerified(provider.verify(cut, at: now)), "body cut at \(length)")
        }
        for field in whole.headers {
            for length in 0..<field.value.count {
                var headers = whole.headers
                headers[field.name] = String(field.value.prefix(length))
                #expect(!Self.isVerified(provider.verify(UnverifiedWebhook(headers: headers, body: whole.body), at: now)), "\(length)")
            }
        }
    }
}
