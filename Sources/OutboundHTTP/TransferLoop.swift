internal import CCurl
import Foundation
import Synchronization

/// One thread that runs all transfers through one curl multi handle; everybody else hands over requests and is called back.
final class TransferLoop: Sendable {
    typealias Completion = @Sendable (Result<OutboundResponse, OutboundError>) -> Void

    private struct Submission: Sendable {
        let number: Int
        let request: OutboundRequest
        let host: String
        let completion: Completion
    }

    private struct State {
        var submissions: [Submission] = []
        var cancelled: Set<Int> = []
        var waker: Waker?
        var lastNumber = 0
        var pendingCount = 0
        var isStopped = false
    }

    private let configuration: HTTPClientConfiguration
    private let state = Mutex(State())

    init(configuration: HTTPClientConfiguration) {
        self.configuration = configuration
    }

    /// A number by which a request can be cancelled.
    func reserveNumber() -> Int {
        state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
    }

    /// Takes a request; the completion is called exactly once.
    func submit(_ number: Int, _ request: OutboundRequest, host: String, completion: @escaping Completion) {
        let limit = configuration.requestsMax
        let (refusal, mustStart) = state.withLock { state -> (OutboundError.Code?, Bool) in
            if state.isStopped { return (.shutDown, false) }
            if state.cancelled.remove(number) != nil { return (.cancelled, false) }
            if state.pendingCount >= limit { return (.overloaded, false) }
            state.pendingCount += 1
            state.submissions.append(Submission(number: number, request: request, host: host, completion: completion))
            guard let waker = state.waker else {
                state.waker = Waker()
                return (nil, true)
            }
            waker.wake()
            return (nil, false)
        }
        if let refusal { completion(.failure(OutboundError(refusal, wasSent: .no, host: host))) }
        if mustStart { start() }
    }

    /// Ends a request early.
    func cancel(_ number: Int) {
        state.withLock { state in
            state.cancelled.insert(number)
            state.waker?.wake()
        }
    }

    /// Ends everything.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.waker?.wake()
        }
    }

    private func start() {
        guard let waker = state.withLock({ $0.waker }) else { return }
        let configuration = configuration
        // The thread keeps the loop alive until it is stopped.
        let thread = Thread { [self] in work(waker, configuration) }
        thread.name = "outbound http"
        thread.start()
    }

    private func work(_ waker: Waker, _ configuration: HTTPClientConfiguration) {
        let multi = MultiHandle(waker: waker, configuration: configuration)
        var completions: [Int: (Completion, String)] = [:]
        while true {
            let (submissions, cancelled, isStopped) = takeOrders()
            for submission in submissions {
                completions[submission.number] = (submission.completion, submission.host)
                multi.add(submission.number, submission.request, host: submission.host)
            }
            for number in cancelled { multi.cancel(number) }
            if isStopped { multi.stop() }
            multi.perform()
            finish(multi.takeFinished(), &completions)
            if isStopped { return }
            multi.wait()
        }
    }

    private func takeOrders() -> (submissions: [Submission], cancelled: Set<Int>, isStopped: Bool) {
        state.withLock { state in
            let orders = (state.submissions, state.cancelled, state.isStopped)
            state.submissions = []
            state.cancelled = []
            return orders
        }
    }

    private func finish(
        _ finished: [(number: Int, result: Result<OutboundResponse, OutboundError>)],
        _ completions: inout [Int: (Completion, String)]
    ) {
        guard !finished.isEmpty else { return }
        state.withLock { $0.pendingCount -= finished.count }
        for (number, result) in finished {
            completions.removeValue(forKey: number)?.0(result)
        }
    }
}
