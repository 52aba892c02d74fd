/// Files, functions and lines stay short enough to be read at once.
enum LengthRule {
    private static let fileLinesMax = 400
    private static let functionLinesMax = 70
    private static let lineCharactersMax = 140

    static func violations(in checkout: Checkout) -> [Violation] {
        let sources = checkout.swiftFiles(in: "Sources")
        let tests = checkout.swiftFiles(in: "Tests")
        return (sources + tests).flatMap { longFile($0) + longLines($0) } + sources.flatMap(longFunctions)
    }

    private static func longFile(_ file: SourceFile) -> [Violation] {
        guard file.lineCount > fileLinesMax else { return [] }
        return [file.violation("\(file.lineCount) lines; at most \(fileLinesMax)", line: fileLinesMax + 1)]
    }

    private static func longFunctions(_ file: SourceFile) -> [Violation] {
        file.functions.filter { $0.lineCount > functionLinesMax }.map { function in
            file.violation("a function of \(function.lineCount) lines; at most \(functionLinesMax)", line: function.line)
        }
    }

    /// In tests the contents of literals do not count, for a vector cannot be broken.
    private static func longLines(_ file: SourceFile) -> [Violation] {
        let isTest = file.path.hasPrefix("Tests/")
        return file.lines.enumerated().compactMap { index, line in
            guard line.utf8.count > lineCharactersMax, line.count > lineCharactersMax else { return nil }
            let code = file.code(ofLine: index + 1)
            let literalBytes = zip(code.utf8, line.utf8).count { $0 != $1 }
            let isComment = line.drop { $0 == " " }.hasPrefix("//")
            guard !isTest || isComment || line.utf8.count - literalBytes > lineCharactersMax else { return nil }
            return file.violation("\(line.count) characters; at most \(lineCharactersMax)", line: index + 1)
        }
    }
}
