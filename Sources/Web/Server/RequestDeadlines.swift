import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes connections whose peer is too slow: to begin, to finish the head, or to send the body.
///
/// The server's own idle time-out starts anew with every byte, so a peer that drips bytes would live for ever; these deadlines do not.
/// An answer that says `Connection: close` is the last one (RFC 9112 section 9.6), which the server itself does not see to.
final class RequestDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private static let firstHead = TimeAmount.seconds(10)
    private static let nextHead = TimeAmount.seconds(60)
    private static let body = TimeAmount.seconds(15)

    private var deadline: Scheduled<Void>?
    private var isReceiving = false
    private var saysClose = false
    private var hasSaidClose = false

    /// Sets the first deadline when the connection is there.
    func handlerAdded(context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        expect(within: RequestDeadlines.firstHead, context: context)
    }

    func channelActive(context: ChannelHandlerContext) {
        expect(within: RequestDeadlines.firstHead, context: context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isReceiving = true
            expect(within: RequestDeadlines.body, context: context)
        case .body: break
        case .end:
            isReceiving = false
            deadline?.cancel()
            deadline = nil
            if hasSaidClose { context.close(promise: nil) }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var promise = promise
        switch unwrapOutboundIn(data) {
        case .head(let head): saysClose = head.headerFields[.connection]?.lowercased() == "close"
        case .body: break
        // An answer that comes before the request's end is a refusal: the deadline on its body stands.
        case .end where isReceiving: hasSaidClose = saysClose
        case .end where saysClose: promise = closing(context, after: promise)
        case .end: expect(within: RequestDeadlines.nextHead, context: context)
        }
        context.write(data, promise: promise)
    }

    private func closing(_ context: ChannelHandlerContext, after written: EventLoopPromise<Void>?) -> EventLoopPromise<Void> {
        let channel = context.channel
        let promise = written ?? context.eventLoop.makePromise()
        promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
        return promise
    }

    private func expect(within time: TimeAmount, context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }
}
