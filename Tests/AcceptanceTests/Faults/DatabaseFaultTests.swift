import Foundation
import HTTPTypes
import PostgreSQL
import StrictJSON
import TestSupport
import Testing

/// Scenarios 16, 19, 21 and 22: a database that is away, silent, slow, or refuses what could be tried again.
@Suite("When the database misbehaves")
struct DatabaseFaultTests {
    /// What is promised holds for the middle one; the others may have been held up by what else the machine does.
    private static func expect(_ times: [Duration], within promise: Duration) {
        #expect(times.sorted()[times.count / 2] < promise, "\(times)")
        #expect(times.allSatisfy { $0 < .seconds(39) }, "\(times)")
    }

    @Test("away: webhooks and orders are put off within two seconds, the process lives, and all is well when it is back")
    func away() async throws {
        try await Stage.runBehindProxy { stage, proxy in
            let charge = try await stage.createPromptPay()
            let confirmation = Stage.confirmation(reference: charge["provider_reference"]?.string ?? "", amount: "150.00")
            proxy.behave { $0.isDown = true }
            var times: [Duration] = []
            for _ in 0..<5 {
                let began = ContinuousClock.now
                let answer = try await stage.postBank(confirmation)
                #expect(answer.status == 503 && answer.headers[.retryAfter] != nil)
                times.append(ContinuousClock.now - began)
            }
            Self.expect(times, within: .seconds(2))
            let order = try await stage.createCharge(#"{"order_id":"o","amount":"1.00","currency":"THB","method":"promptpay"}"#)
            #expect(order.status == 503 && order.headers[.retryAfter] != nil)
            #expect(try await stage.get("/health/live").status == 200)
            #expect(try await waitUntil(.seconds(90)) { try await stage.get("/health/ready").status == 503 })
            proxy.behave { $0.isDown = false }
            #expect(try await waitUntil(.seconds(90)) { try await stage.postBank(confirmation).status == 200 })
            #expect(try await waitUntil(.seconds(90)) { try await stage.get("/health/ready").status == 200 })
            #expect(try await stage.told(charge["id"]?.string, ["charge.requires_action", "charge.succeeded"]))
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("answers to COMMIT are lost: what was done is found, and nothing is done twice")
    func lostCommits() async throws {
        try await Stage.runBehindProxy { stage, proxy in
            let load = PaymentLoad(stage: stage)
            try await load.run(customers: 4) {
                for _ in 0..<15 {
                    proxy.behave { $0.commitsToLose += 1 }
                    #expect(try await waitUntil(.seconds(90)) { proxy.commitsToLose == 0 })
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
            try await load.expectEverythingRight()
        }
    }

    @Test("slow: every request is answered in bounded time, and the process is alive all the while")
    func slow() async throws {
        try await Stage.runBehindProxy { stage, proxy in
            let charge = try await stage.createPromptPay()
            proxy.behave { $0.latency = .seconds(5) }
            try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        try await stage.postBank(Stage.confirmation(reference: "UNKNOWN\(index)", amount: "1.00")).status
                    }
                }
                var times: [Duration] = []
                for _ in 0..<10 {
                    let began = ContinuousClock.now
                    #expect(try await stage.get("/health/live").status == 200)
                    times.append(ContinuousClock.now - began)
                    try await Task.sleep(for: .milliseconds(200))
                }
                Self.expect(times, within: .seconds(1))
                for try await status in group { #expect([200, 503].contains(status)) }
            }
            proxy.behave { $0.latency = .zero }
            let confirmation = Stage.confirmation(reference: charge["provider_reference"]?.string ?? "", amount: "150.00")
            #expect(try await waitUntil(.seconds(90)) { try await stage.postBank(confirmation).status == 200 })
            #expect(try await stage.charge(charge["id"]?.string, becomes: "succeeded")["status"]?.string == "succeeded")
            #expect(try await stage.booksAreRight())
        }
    }

    @Test("a third of the commits fail with 40001: they are tried again, and the books are the same")
    func serializationFailures() async throws {
        let database = try await TestDatabase.migrated()
        try await database.withPool(setup: []) { pool in
            _ = try await pool.withSession { session in
                try await session.executeScript(
                    """
                    -- One throw for a transaction: for each row, a commit of many rows would never succeed.
                    CREATE FUNCTION fail_sometimes() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        IF abs(hashtext(pg_current_xact_id()::text) % 3) = 0 THEN RAISE EXCEPTION 'forced by a test' USING ERRCODE = '40001'; END IF;
                        RETURN NULL;
                    END $$;
                    CREATE CONSTRAINT TRIGGER fail_sometimes AFTER INSERT ON notifications DEFERRABLE INITIALLY DEFERRED
                        FOR EACH ROW EXECUTE FUNCTION fail_sometimes();
                    CREATE CONSTRAINT TRIGGER fail_sometimes AFTER INSERT ON journal_entries DEFERRABLE INITIALLY DEFERRED
                        FOR EACH ROW EXECUTE FUNCTION fail_sometimes();
                    """
                )
            }
        }
        try await Stage.run(database: database.connectionString) { stage, _ in
            let load = PaymentLoad(stage: stage)
            try await load.run(customers: 2) {
                let isEnough = try await waitUntil(.seconds(90)) { load.count >= 40 }
                #expect(isEnough)
            }
            try await load.expectEverythingRight()
        }
    }
}
