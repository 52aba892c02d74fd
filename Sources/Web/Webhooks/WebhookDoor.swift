import Gateway
import HTTPTypes
import Hummingbird
import Payments
import Providers

/// What `WebhookChannelHandler` asks for an answer.
///
/// A request has the same checks, problems, headers, log and metrics here as through the router.
struct WebhookDoor: Sendable {
    let route: ReceiveWebhook
    let front: RequestFront
    let now: @Sendable () -> Timestamp
    private let date = HTTPDate()

    init(route: ReceiveWebhook, front: RequestFront, now: @escaping @Sendable () -> Timestamp) {
        self.route = route
        self.front = front
        self.now = now
    }

    /// Takes a request that arrived whole; `reply` is called once, on any thread.
    func receive(_ head: HTTPRequest, provider: String, body: [UInt8], reply: @escaping @Sendable (Answer) -> Void) {
        let started = ContinuousClock.now
        let id = RequestID().description
        let finish = { @Sendable (result: Result<Answer, Problem>) in
            var answer: Answer
            switch result {
            case .success(let stored): answer = stored
            case .failure(let problem): answer = front.render(problem, head, id: id)
            }
            answer.headers[.requestID] = id
            answer.headers[.date] = date.text(at: now())
            front.finish(head, status: answer.status, route: ReceiveWebhook.path, id: id, after: ContinuousClock.now - started)
            reply(answer)
        }
        do throws(Problem) {
            try RequestFront.check(head)
        } catch {
            return finish(.failure(error))
        }
        route.answer(UnverifiedWebhook(headers: head.headerFields, body: body), from: provider, reply: finish)
    }
}
