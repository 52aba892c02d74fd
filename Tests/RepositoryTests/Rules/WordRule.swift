/// Words that code must not contain, each with what to do instead.
enum WordRule {
    private struct Ban {
        let words: [String]
        let folders: [String]
        var exceptions: [String] = []
        var inComments = false
        /// A line with this is let through.
        var unless: String?
        let instead: String
    }

    private static let money = ["Sources/Payments", "Sources/Providers", "Sources/Storage"]

    private static let bans = [
        Ban(
            words: ["TO" + "DO", "FIX" + "ME"],
            folders: ["Sources", "Tests"],
            inComments: true,
            instead: "do it or leave it"
        ),
        Ban(words: ["try!", "as!", "fatalError("], folders: ["Sources"], instead: "throw an error"),
        Ban(words: ["Double", "Float"], folders: money, instead: "exact integers of the minor unit"),
        Ban(
            words: ["print(", "debugPrint("],
            folders: ["Sources"],
            exceptions: ["Sources/truvapay", "Sources/Benchmarks"],
            instead: "a logger"
        ),
        Ban(
            words: ["Date()", "Date.now", "UUID()", "ContinuousClock", "SystemRandomNumberGenerator"],
            folders: ["Sources/Payments"],
            instead: "time, chance and ids as parameters"
        ),
        Ban(
            words: [".random(", ".randomElement(", ".shuffled("],
            folders: ["Sources/Payments"],
            unless: "using:",
            instead: "a generator as a parameter"
        ),
        Ban(
            words: ["async", "await"],
            folders: ["Sources/Payments", "Sources/StrictJSON"],
            instead: "values; the shell does the waiting"
        ),
        Ban(
            words: ["DispatchSemaphore", "DispatchGroup", "Thread.sleep", "usleep("],
            folders: ["Sources"],
            instead: "await, for a few threads carry all tasks"
        ),
        Ban(words: ["Task.detached", "Task {", "Task<"], folders: ["Sources"], instead: "a task group, so that the task has a parent"),
        Ban(words: ["public", "open class", "@_exported"], folders: ["Sources"], instead: "package; this is a program"),
        Ban(words: ["@unchecked Equatable", "unsafeBitCast", "withoutActuallyEscaping"], folders: ["Sources"], instead: "checked code"),
    ]

    static func violations(in checkout: Checkout) -> [Violation] {
        bans.flatMap { ban in
            let files = ban.folders.flatMap(checkout.swiftFiles(in:)).filter { file in
                !ban.exceptions.contains { file.path.hasPrefix($0 + "/") }
            }
            return files.flatMap { violations(of: ban, in: $0) }
        }
    }

    private static func violations(of ban: Ban, in file: SourceFile) -> [Violation] {
        ban.words.flatMap { word in
            let lines = file.lines(containing: word, inCode: !ban.inComments).filter { line in
                ban.unless.map { !file.code(ofLine: line).contains($0) } ?? true
            }
            return lines.map { file.violation("`\(word)` is banned here; use instead: \(ban.instead)", line: $0) }
        }
    }
}
