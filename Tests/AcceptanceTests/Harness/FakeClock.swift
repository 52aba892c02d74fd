import Foundation

/// Makes one program's clock go wrong while the machine's goes on, with Debian's faketime.
final class FakeClock: Sendable {
    private static let wrapper = "/usr/bin/faketime"
    private let file = "/tmp/truvapay-clock-\(UUID().uuidString.prefix(8))"

    /// Whether it is installed.
    static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: wrapper) }

    /// Shows the right time until told otherwise.
    init() throws {
        try jump(to: 0)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: file)
    }

    /// What a program's command is put behind; without the variable the library would not look into the file.
    var command: [String] { [FakeClock.wrapper, "-m", "-f", "+0", "/usr/bin/env", "-u", "FAKETIME"] }

    /// What the library reads; how long something took is measured by another clock, which stays right.
    var environment: [String: String] {
        ["FAKETIME_TIMESTAMP_FILE": file, "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"]
    }

    /// From now on the clock is wrong by so many seconds.
    func jump(to seconds: Int) throws {
        try "\(seconds < 0 ? "" : "+")\(seconds)\n".write(toFile: file, atomically: true, encoding: .utf8)
    }
}
