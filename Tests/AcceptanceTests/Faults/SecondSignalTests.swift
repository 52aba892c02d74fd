import Foundation
import StrictJSON
import TestSupport
import Testing

@Suite("When somebody does not want to wait")
struct SecondSignalTests {
    @Test("the first signal waits for what is in hand, the second ends the process within seconds")
    func twoSignals() async throws {
        try await Stage.run(simulators: ["order-core", "stripe"]) { stage, gateway in
            try await stage.control(stage.stripe("/_control/behaviour"), #"{"mode":"hang","count":1,"hang_ms":9000}"#)
            async let cutOff = try? stage.createCard()
            try await Task.sleep(for: .milliseconds(500))
            gateway.send(SIGTERM)
            try await Task.sleep(for: .milliseconds(1500))
            #expect(gateway.status == nil, "it waits for Stripe")
            let began = ContinuousClock.now
            gateway.send(SIGTERM)
            #expect(try await gateway.end(within: .seconds(10)) == 1)
            #expect(ContinuousClock.now - began < .seconds(4))
            #expect(await cutOff == nil)
        }
    }
}
