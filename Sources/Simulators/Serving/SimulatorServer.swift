import Cryptography
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import StrictJSON

/// A small HTTP server for one simulator.
struct SimulatorServer: Sendable {
    /// A request, with its body read.
    struct Call: Sendable {
        let method: HTTPRequest.Method
        let path: String
        let query: String
        let headers: HTTPFields
        let body: [UInt8]
    }

    /// What a simulator answers.
    enum Answer: Sendable {
        case bytes(Int, contentType: String, headers: HTTPFields, [UInt8])
        /// The connection breaks without an answer.
        case reset
    }

    let host: String
    let port: Int
    /// What the server shows over TLS; nil for plain HTTP.
    var tls: TLSServerContext?
    let handle: @Sendable (Call) async -> Answer

    private static let bodyBytesMax = 1024 * 1024

    /// Serves until the task is cancelled or the process is told to stop.
    func run(onListening: @escaping @Sendable (Int) async -> Void) async throws {
        let handle = handle
        let port = port
        let tls = tls
        let responder = CallbackResponder { (request: Request, _: BasicRequestContext) -> Response in
            let body = try await request.body.collect(upTo: SimulatorServer.bodyBytesMax)
            let call = Call(
                method: request.method,
                path: request.uri.path,
                query: request.uri.query ?? "",
                headers: request.headers,
                body: Array(body.readableBytesView)
            )
            switch await handle(call) {
            case .reset: throw BrokenConnection()
            case .bytes(let status, let contentType, var headers, let bytes):
                headers[.contentType] = contentType
                return Response(status: .init(code: status), headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
            }
        }
        var logger = Logger(label: "simulator")
        logger.logLevel = .critical
        let application = Application(
            responder: responder,
            server: HTTPServerBuilder { responder in
                let channel = HTTP1Channel(responder: responder)
                return if let tls { TLSChannel(base: channel, context: tls) } else { channel }
            },
            configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { await onListening($0.localAddress?.port ?? port) },
            logger: logger
        )
        try await application.run()
    }

    /// Ends a connection without an answer.
    private struct BrokenConnection: Error {}
}

extension SimulatorServer.Answer {
    /// An answer of JSON.
    static func json(_ value: JSONValue, status: Int = 200, headers: HTTPFields = [:]) -> SimulatorServer.Answer {
        .bytes(status, contentType: "application/json", headers: headers, value.serialized())
    }

    /// An answer of text.
    static func text(_ text: String, contentType: String = "text/html; charset=utf-8", status: Int = 200) -> SimulatorServer.Answer {
        .bytes(status, contentType: contentType, headers: [:], Array(text.utf8))
    }
}
