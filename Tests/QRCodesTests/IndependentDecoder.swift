import Foundation
import QRCodes
import TestSupport

/// Reads pictures with programs that share no code with ours.
struct IndependentDecoder {
    private let executable: URL
    private let arguments: [String]

    /// The command of Debian's `zbar-tools`; it takes text outside ASCII for Japanese.
    static let zbar = IndependentDecoder(
        executable: URL(filePath: "/usr/bin/zbarimg"),
        arguments: ["--quiet", "--nodbus", "--raw", "-Sdisable", "-Sqrcode.enable"]
    )

    /// The Python package `zxing-cpp` with Pillow, of the interpreter in `TRUVAPAY_TEST_PYTHON` or the project's own `.venv`.
    static var zxing: IndependentDecoder {
        let script = """
            import sys, zxingcpp, PIL.Image
            for name in sys.argv[1:]:
                print("".join(code.text for code in zxingcpp.read_barcodes(PIL.Image.open(name).convert("L"))))
            """
        let named = ProcessInfo.processInfo.environment["TRUVAPAY_TEST_PYTHON"].map { URL(filePath: $0) }
        let own = PromptPayVectors.projectRoot().appending(path: ".venv/bin/python")
        return IndependentDecoder(executable: named ?? own, arguments: ["-X", "utf8", "-c", script])
    }

    /// True when the program is there and reads a picture.
    var isInstalled: Bool {
        get async throws {
            guard FileManager.default.isExecutableFile(atPath: executable.path) else { return false }
            let picture = try QRSymbol("A").png(modulePixels: 4)
            return (try? await decode([picture])) == ["A"]
        }
    }

    /// The text of each picture, one picture a line.
    func decode(_ pictures: [[UInt8]]) async throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "QRCodesTests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try pictures.enumerated().map { number, picture in
            let file = folder.appending(path: "\(number).png")
            try Data(picture).write(to: file)
            return file.path
        }
        return try await run(files)
    }

    private func run(_ files: [String]) async throws -> [String] {
        let program = try ChildProcess(executable.path, arguments + files)
        guard try await program.end() == 0 else { throw CocoaError(.featureUnsupported) }
        return program.lines
    }
}
