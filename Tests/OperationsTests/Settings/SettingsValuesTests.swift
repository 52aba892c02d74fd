import Cryptography
import Foundation
import Logging
import Operations
import Testing

@Suite("Settings from files")
struct SettingsValuesTests {
    @Test(
        "any variable may come from a file, whose line breaks at the end do not count",
        arguments: ["8080", "8080\n", "8080\r\n", "8080\n\n"]
    )
    func fromFile(content: String) throws {
        #expect(try settings(["PORT_FILE": "/run/port"], files: ["/run/port": content]).server.port == 8080)
    }

    @Test("a variable and its file form exclude each other")
    func givenTwice() throws {
        let files = ["/run/key": "from file"]
        let error = #expect(throws: SettingsError.self) {
            _ = try settings(["DATABASE_URL": "host=canary", "DATABASE_URL_FILE": "/run/key"], files: files)
        }
        #expect(error?.code == .givenTwice && error?.variable == "DATABASE_URL")
        #expect(error?.description.contains("canary") == false)
        #expect(try settings(["LOG_LEVEL": "", "LOG_LEVEL_FILE": "/l"], files: ["/l": "debug"]).log.level == .debug)
    }

    @Test("a file that is absent or empty is an error that names the file's variable", arguments: ["/absent", "/empty"])
    func uselessFile(path: String) throws {
        let error = #expect(throws: SettingsError.self) {
            _ = try settings(["STRIPE_SECRET_KEY_FILE": path], files: ["/empty": "\n"])
        }
        #expect(error?.code == .unreadableFile && error?.variable == "STRIPE_SECRET_KEY_FILE")
    }

    @Test("a malformed value from a file is named by its variable and not shown")
    func malformedInFile() throws {
        let error = #expect(throws: SettingsError.self) {
            _ = try settings(["STRIPE_SECRET_KEY_FILE": "/f"], files: ["/f": "canary line\nsecond"])
        }
        #expect(error?.variable == "STRIPE_SECRET_KEY")
        #expect(error?.description.contains("canary") == false)
    }

    @Test("a path setting that ends in _FILE is itself no file form")
    func declaredFileVariable() throws {
        #expect(try settings(["PAYPAL_WEBHOOK_CA_FILE": "/ca.pem"]).payPal.webhookAuthorityFile == "/ca.pem")
    }

    @Test("misspelt variables of ours are warned of, in order and on one line each")
    func undeclared() throws {
        let settings = try settings([
            "TRUVAPAY_HOEM": "x", "STRIPE_PUBLISHABLE_KEY": "canary", "PROMPTPAY_\u{1B}[2J\n": "x", "PATH": "/bin",
            "STRIPE_API_BASE_FILE": "",
        ])
        #expect(settings.warnings.count == 3)
        #expect(
            settings.warnings.map { $0.split(separator: " ")[0] } == [
                "PROMPTPAY_\\u{1b}[2J\\u{a}", "STRIPE_PUBLISHABLE_KEY", "TRUVAPAY_HOEM",
            ]
        )
        #expect(!settings.warnings.joined().contains("canary"))
    }

    @Test("usable but odd values are warned of")
    func oddValues() throws {
        func warnings(_ environment: [String: String]) throws -> String { try settings(environment).warnings.joined(separator: "\n") }
        #expect(try warnings(["STRIPE_API_BASE": "http://stripe.example"]).hasPrefix("STRIPE_API_BASE is not https"))
        #expect(try warnings(["STRIPE_API_BASE": "http://127.0.0.1:8420"]).isEmpty)
        #expect(try warnings(["STRIPE_API_BASE": "http://[::1]:8420"]).isEmpty)
        #expect(try warnings(["STRIPE_API_BASE": "http://127.evil.example"]).hasPrefix("STRIPE_API_BASE is not https"))
        #expect(try warnings(["TRUVAPAY_BOOTSTRAP_KEY": "short"]).hasPrefix("TRUVAPAY_BOOTSTRAP_KEY is shorter"))
        #expect(try warnings(["STRIPE_WEBHOOK_SECRET": "s"]).contains("STRIPE_SECRET_KEY"))
    }

    @Test("files are read as strict UTF-8 and within a bound")
    func realFiles() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ bytes: [UInt8]) throws -> String {
            let file = folder.appending(path: "value")
            try Data(bytes).write(to: file)
            return file.path()
        }
        #expect(try Settings.readFile(path: try write(Array("sk_1\n".utf8))) == "sk_1\n")
        let invalid = try write([0x73, 0xFF])
        #expect(throws: Settings.FileError.notText) { try Settings.readFile(path: invalid) }
        let large = try write(Array(repeating: 0x61, count: 65_537))
        #expect(throws: Settings.FileError.tooLarge) { try Settings.readFile(path: large) }
        #expect(throws: (any Error).self) { try Settings.readFile(path: folder.appending(path: "absent").path()) }
    }
}
