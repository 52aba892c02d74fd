import Cryptography
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// A connection of a simulator that speaks TLS beneath HTTP.
struct TLSChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let context: TLSServerContext

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(TLSHandler(TLSServerSession(context)))
        }.flatMap {
            base.setup(channel: channel, logger: logger)
        }
    }

    func handle(value: Base.Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}

/// Moves bytes between a connection and its TLS session.
private final class TLSHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let session: TLSServerSession

    init(_ session: TLSServerSession) {
        self.session = session
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do {
            let text = try session.receive(Array(unwrapInboundIn(data).readableBytesView))
            sendOutput(context, promise: nil)
            context.flush()
            if !text.isEmpty { context.fireChannelRead(wrapInboundOut(ByteBuffer(bytes: text))) }
        } catch {
            context.close(promise: nil)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        do {
            try session.send(Array(unwrapOutboundIn(data).readableBytesView))
            sendOutput(context, promise: promise)
        } catch {
            promise?.fail(error)
            context.close(promise: nil)
        }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        session.close()
        sendOutput(context, promise: nil)
        context.flush()
        context.close(mode: mode, promise: promise)
    }

    private func sendOutput(_ context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        let output = session.takeOutput()
        guard !output.isEmpty else {
            promise?.succeed()
            return
        }
        context.write(wrapOutboundOut(ByteBuffer(bytes: output)), promise: promise)
    }
}
