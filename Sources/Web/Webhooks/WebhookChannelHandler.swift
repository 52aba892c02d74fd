import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes
import Providers

/// Answers webhooks on their connection's own event loop, without a task, a router or a change of threads for each of them: more than half
/// of what one costs otherwise.
///
/// Only an ordinary request is taken: to `/webhooks/{provider}`, of a known and small length, arrived whole, on a connection with nothing
/// else under way. Everything else goes on to the router, whose route does the same. While a webhook waits for its commit, what follows it
/// on the connection waits too.
final class WebhookChannelHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// A request of which not everything has arrived.
    private struct Arrival {
        let head: HTTPRequest
        let provider: String
        var body: ByteBuffer
    }

    private static let bodyBytesMax = 64 * 1024

    private let door: WebhookDoor
    private var arrival: Arrival?
    private var isAnswering = false
    /// Requests that the router has and has not answered.
    private var passedOn = 0
    private var heldParts: [HTTPRequestPart] = []
    private var heldEvents: [Any] = []
    private var isReadHeld = false

    init(door: WebhookDoor) {
        self.door = door
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        take(unwrapInboundIn(data), context)
    }

    private func take(_ part: HTTPRequestPart, _ context: ChannelHandlerContext) {
        guard !isAnswering else { return heldParts.append(part) }
        switch part {
        case .head(let head):
            if passedOn == 0, let provider = WebhookChannelHandler.provider(head) {
                arrival = Arrival(head: head, provider: provider, body: ByteBuffer())
            } else {
                passedOn += 1
                context.fireChannelRead(wrapInboundOut(part))
            }
        case .body(var buffer):
            guard arrival != nil else { return context.fireChannelRead(wrapInboundOut(part)) }
            if arrival?.body.writerIndex == 0 { arrival?.body = buffer } else { arrival?.body.writeBuffer(&buffer) }
        case .end:
            guard let whole = arrival else { return context.fireChannelRead(wrapInboundOut(part)) }
            arrival = nil
            answer(whole, context)
        }
    }

    /// The provider's name in the path of a request that is taken here.
    private static func provider(_ head: HTTPRequest) -> String? {
        let prefix = "/webhooks/"
        guard head.method == .post, let path = head.path, path.utf8.starts(with: prefix.utf8),
            let length = head.headerFields[.contentLength].flatMap({ Int($0) }), (1...bodyBytesMax).contains(length),
            head.headerFields[.expect] == nil, head.headerFields[.connection].map({ $0.lowercased() == "keep-alive" }) ?? true
        else { return nil }
        let name = path.utf8.dropFirst(prefix.utf8.count)
        guard !name.isEmpty, name.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }) else { return nil }
        return String(decoding: name, as: UTF8.self)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        passOnArrival(context)
        context.fireChannelReadComplete()
    }

    /// A slow request is the router's, which knows how long to wait.
    private func passOnArrival(_ context: ChannelHandlerContext) {
        guard let begun = arrival else { return }
        arrival = nil
        passedOn += 1
        context.fireChannelRead(wrapInboundOut(.head(begun.head)))
        if begun.body.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(.body(begun.body))) }
    }

    private func answer(_ whole: Arrival, _ context: ChannelHandlerContext) {
        isAnswering = true
        let loop = context.eventLoop
        let bound = NIOLoopBound((self, context), eventLoop: loop)
        door.receive(whole.head, provider: whole.provider, body: Array(whole.body.readableBytesView)) { answer in
            if loop.inEventLoop {
                bound.value.0.send(answer, bound.value.1)
            } else {
                loop.execute { bound.value.0.send(answer, bound.value.1) }
            }
        }
    }

    private func send(_ answer: Answer, _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(HTTPResponse(status: answer.status, headerFields: answer.headers))), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: answer.body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        isAnswering = false
        goOn(context)
    }

    /// Gives free what has waited, up to the next webhook.
    private func goOn(_ context: ChannelHandlerContext) {
        let parts = heldParts
        heldParts = []
        for part in parts { take(part, context) }
        if !parts.isEmpty {
            if !isAnswering { passOnArrival(context) }
            // The router takes what it was given only then.
            context.fireChannelReadComplete()
        }
        guard !isAnswering else { return }
        let events = heldEvents
        heldEvents = []
        for event in events { context.fireUserInboundEventTriggered(event) }
        if isReadHeld {
            isReadHeld = false
            context.read()
        }
    }

    /// Whoever sends the next request before the answer is read no further; to stop reading at once would cost two system calls a webhook.
    func read(context: ChannelHandlerContext) {
        if heldParts.isEmpty { context.read() } else { isReadHeld = true }
    }

    /// That the peer sends no more must not reach the router before the answer has left: it would close the connection.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if isAnswering { heldEvents.append(event) } else { context.fireUserInboundEventTriggered(event) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { passedOn -= 1 }
        context.write(data, promise: promise)
    }
}
