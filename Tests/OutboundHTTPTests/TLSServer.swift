import Foundation
import TestSupport

/// A TLS server as a program of its own, with a certificate that nobody has signed.
final class TLSServer: Sendable {
    let port: Int
    /// The certificate, for those who want to trust it.
    let certificate: String
    private let child: ChildProcess
    private let folder: String

    static let opensslPath = "/usr/bin/openssl"

    /// Whether the program that makes certificates is there.
    static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: opensslPath) }

    private init(port: Int, folder: String, child: ChildProcess) {
        self.port = port
        self.folder = folder
        self.child = child
        certificate = folder + "/certificate.pem"
    }

    deinit {
        child.send(SIGKILL)
        try? FileManager.default.removeItem(atPath: folder)
    }

    func url(host: String = "localhost", _ path: String = "/") -> String { "https://\(host):\(port)\(path)" }

    /// The lines that the server printed.
    var lines: [String] { child.lines }

    /// A server of OpenSSL's, which answers with a page about the connection and closes.
    static func openssl(_ options: [String] = []) async throws -> TLSServer {
        let folder = try await makeCertificate()
        let arguments = ["s_server", "-accept", "127.0.0.1:0", "-cert", folder + "/certificate.pem", "-key", folder + "/key.pem", "-www"]
        let child = try ChildProcess(opensslPath, arguments + options)
        guard let line = try await child.line(containing: "ACCEPT 127.0.0.1:"),
            let port = line.split(separator: ":").last.flatMap({ Int($0) })
        else { throw Failure(description: "openssl s_server does not listen: \(child.lines)") }
        return TLSServer(port: port, folder: folder, child: child)
    }

    /// A server in Python, which prints its port first.
    static func python(_ script: String) async throws -> TLSServer {
        let folder = try await makeCertificate()
        let child = try ChildProcess(PythonEnvironment.path, ["-u", "-c", script, folder + "/certificate.pem", folder + "/key.pem"])
        guard let line = try await child.line(containing: "port "), let port = Int(line.dropFirst("port ".count))
        else { throw Failure(description: "the server does not listen: \(child.lines)") }
        return TLSServer(port: port, folder: folder, child: child)
    }

    private static func makeCertificate() async throws -> String {
        let folder = NSTemporaryDirectory() + "truvapay-tls-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let child = try ChildProcess(
            opensslPath,
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                "-addext", "subjectAltName=DNS:localhost", "-keyout", folder + "/key.pem", "-out", folder + "/certificate.pem",
            ]
        )
        guard try await child.end() == 0 else { throw Failure(description: "openssl made no certificate: \(child.lines)") }
        return folder
    }

    /// Why there is no server.
    struct Failure: Error {
        let description: String
    }
}
