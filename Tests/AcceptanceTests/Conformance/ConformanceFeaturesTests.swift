import Testing

/// What the subjects say of themselves, so that nobody is left out of a check by mistake.
@Suite("Conformance: what is checked where")
struct ConformanceFeaturesTests {
    @Test("what a provider lacks has a reason, and nothing in its value contradicts it", arguments: ConformanceSubject.all)
    func lacks(subject: ConformanceSubject) throws {
        #expect(subject.lacks.values.allSatisfy { $0.split(separator: " ").count > 3 })
        #expect((subject.nextAction != nil) == subject.has(.payerAction))
        #expect((subject.dispute != nil) == subject.has(.disputes))
        #expect(subject.declines.isEmpty != subject.has(.declines))
        #expect(subject.lostAnswers.isEmpty != subject.has(.creation))
        #expect(subject.lives.isEmpty != subject.has(.severalEvents))
        #expect(subject.lives.allSatisfy { $0.events.count > 1 })
        #expect((subject.door.signed != nil) == subject.has(.sharedSecret))
        #expect((subject.door.delivered != nil) == !subject.has(.sharedSecret))
        #expect((subject.door.tolerance != nil) == subject.has(.signatureTime))
        #expect((subject.door.vectorsLeast > 0) == subject.has(.vectors))
        #expect(try subject.door.vectors().isEmpty != subject.has(.vectors))
    }

    @Test("every check has somebody to check", arguments: ConformanceSubject.Feature.allCases)
    func covered(feature: ConformanceSubject.Feature) {
        #expect(!ConformanceSubject.all(with: feature).isEmpty)
    }
}
