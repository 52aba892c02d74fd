import Foundation
import QRCodes

/// Reads pictures with programs that share no code with ours.
struct IndependentDecoder {
    private let executable: URL
    private let arguments: [String]

    /// The command of Debian's `zbar-tools`; it takes text outside ASCII for Japanese.
    static let zbar = IndependentDecoder(
        executable: URL(filePath: "/usr/bin/zbarimg"),
        arguments: ["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"]
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
        guard FileManager.default.isExecutableFile(atPath: executable.path), let picture = try? QRSymbol("A").png(modulePixels: 4) else {
            return false
        }
        return (try? decode([picture])) == ["A"]
    }

    /// The text of each picture, one picture a line.
    func decode(_ pictures: [[UInt8]]) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "QRCodesTests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try pictures.enumerated().map { number, picture in
            let file = folder.appending(path: "\(number).png")
            try Data(picture).write(to: file)
            return file.path
        }
        return try run(files)
    }

    private func run(_ files: [String]) throws -> [String] {
        let process = Process()
        let output = Pipe()
        process.executableURL = executable
        process.arguments = arguments + files
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.featureUnsupported) }
        return String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
}
