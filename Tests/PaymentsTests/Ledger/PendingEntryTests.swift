import Payments
import Testing

@Suite("Pending entries")
struct PendingEntryTests {
    private let book = LedgerFixture()
    private let deadline = Timestamp(seconds: 2000)

    private func reserved(now: Timestamp = LedgerFixture.now) throws -> PostingPlan {
        var plan = book.plan(now: now)
        let results = plan.post([
            try book.entry("deposit", book.clearing, try book.wallet("c1"), 100),
            try book.pending("hold", try book.wallet("c1"), book.payable, 80, expiresAt: deadline),
        ])
        #expect(results == [.created, .created])
        return plan
    }

    private func balance(_ plan: PostingPlan) throws -> AccountBalance? {
        plan.books.balances[try book.wallet("c1").name]
    }

    @Test("posting in part moves that part and releases the rest")
    func part() throws {
        var plan = try reserved()
        #expect(try balance(plan)?.available(of: .liability) == 20)
        #expect(plan.post([book.resolution("end", of: "hold", .postPart([30]))]) == [.created])
        #expect(try balance(plan) == AccountBalance(debitsPosted: 30, creditsPosted: 100))
    }

    @Test("voiding and expiring release all of it")
    func release() throws {
        var voided = try reserved()
        #expect(voided.post([book.resolution("end", of: "hold", .void)]) == [.created])
        #expect(try balance(voided) == AccountBalance(creditsPosted: 100))
        var expired = try reserved(now: deadline)
        #expect(expired.post([book.resolution("end", of: "hold", .expire)]) == [.created])
        #expect(try balance(expired) == AccountBalance(creditsPosted: 100))
    }

    @Test("before its time an entry does not expire, afterwards it can neither be posted nor voided")
    func time() throws {
        var early = try reserved()
        #expect(early.post([book.resolution("end", of: "hold", .expire)]) == [.pendingNotExpired])
        var late = try reserved(now: deadline)
        let results = late.post([book.resolution("a", of: "hold", .post), book.resolution("b", of: "hold", .void)])
        #expect(results == [.pendingExpired, .pendingExpired])
    }

    @Test("it ends once: the same end exists, any other is refused")
    func once() throws {
        var plan = try reserved()
        let results = plan.post([
            book.resolution("end", of: "hold", .post), book.resolution("end", of: "hold", .post),
            book.resolution("end", of: "hold", .void), book.resolution("other", of: "hold", .void),
        ])
        #expect(results == [.created, .exists, .existsWithDifferentContent, .pendingAlreadyResolved])
    }

    @Test(
        "more than was pending, nothing, or another number of parts is refused",
        arguments: [[81], [0], [-1], [40, 40], []] as [[Int128]]
    )
    func excess(parts: [Int128]) throws {
        var plan = try reserved()
        #expect(plan.post([book.resolution("end", of: "hold", .postPart(parts))]) == [.exceedsPendingAmount])
    }

    @Test("an entry that is not pending, or not there, cannot be ended")
    func notPending() throws {
        var plan = try reserved()
        let results = plan.post([book.resolution("a", of: "deposit", .post), book.resolution("b", of: "nothing", .void)])
        #expect(results == [.pendingNotFound, .pendingNotFound])
    }

    @Test("reserving and ending can be linked with other entries")
    func linked() throws {
        var plan = try reserved()
        let hold = try book.pending("hold 2", try book.wallet("c1"), book.payable, 10)
        let linkedHold = PostingRequest(hold.id, try #require(entry(hold)), isLinkedToNext: true)
        let tooMuch = book.resolution("end 2", of: "hold 2", .postPart([11]))
        #expect(plan.post([linkedHold, tooMuch]) == [.linkedEntryFailed, .exceedsPendingAmount])
        #expect(plan.post([linkedHold, book.resolution("end 2", of: "hold 2", .post)]) == [.created, .created])
    }

    private func entry(_ request: PostingRequest) -> JournalEntry? {
        guard case .entry(let entry) = request.content else { return nil }
        return entry
    }
}
