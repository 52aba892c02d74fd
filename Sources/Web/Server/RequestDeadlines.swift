import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes connections whose peer is too slow: to begin, to finish the head, or to send the body.
///
/// The server's own idle time-out starts anew with every byte, so a peer that drips bytes would live for ever; these deadlines do not.
/// A connection's timer is set anew only when it goes off too early or would go off too late, for setting one costs more than reading
/// the clock.
/// An answer that says `Connection: close` is the last one (RFC 9112 section 9.6), which the server itself does not see to.
final class RequestDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private static let firstHead = TimeAmount.seconds(10)
    private static let nextHead = TimeAmount.seconds(60)
    private static let body = TimeAmount.seconds(15)

    /// When the connection is closed, unless what is expected comes before.
    private var deadline: NIODeadline?
    private var timer: (at: NIODeadline, task: Scheduled<Void>)?
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
        stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stop()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isReceiving = true
            expect(within: RequestDeadlines.body, context: context)
        case .body: break
        case .end:
            isReceiving = false
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
        let deadline = NIODeadline.now() + time
        self.deadline = deadline
        if let timer, timer.at <= deadline { return }
        timer?.task.cancel()
        setTimer(at: deadline, context)
    }

    private func setTimer(at time: NIODeadline, _ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let task = context.eventLoop.scheduleTask(deadline: time) {
            let (handler, context) = bound.value
            handler.timerWentOff(context)
        }
        timer = (time, task)
    }

    private func timerWentOff(_ context: ChannelHandlerContext) {
        timer = nil
        guard let deadline else { return }
        if deadline <= NIODeadline.now() {
            context.close(promise: nil)
        } else {
            setTimer(at: deadline, context)
        }
    }

    private func stop() {
        timer?.task.cancel()
        timer = nil
        deadline = nil
    }
}
