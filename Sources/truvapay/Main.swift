import ArgumentParser
import Foundation
import Operations

/// The entry of the program: parses the command line, runs the command, and turns errors into the exit statuses of the interface.
@main
enum Main {
    static func main() async {
        do {
            var command = try TruvaPayCommand.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let refusal as Refusal {
            StandardError.write("truvapay: \(refusal.description)")
            exit(refusal.status)
        } catch let error as SettingsError {
            StandardError.write("truvapay: \(error.description)")
            exit(ExitStatus.usage)
        } catch {
            exit(report(error))
        }
    }

    /// Help and version are no errors; everything the parser refuses is a usage error.
    private static func report(_ error: any Error) -> Int32 {
        let message = TruvaPayCommand.fullMessage(for: error)
        switch TruvaPayCommand.exitCode(for: error) {
        case .success:
            print(message)
            return ExitStatus.done
        case .validationFailure:
            StandardError.write(message)
            return ExitStatus.usage
        default:
            StandardError.write("truvapay: \(error)")
            return ExitStatus.refused
        }
    }
}

/// What the program's end says.
enum ExitStatus {
    static let done: Int32 = 0
    /// It was refused, or a problem was found.
    static let refused: Int32 = 1
    /// The command line or the environment is wrong.
    static let usage: Int32 = 2
}

/// A command's own reason to end otherwise than well.
struct Refusal: Error, CustomStringConvertible {
    let description: String
    let status: Int32

    /// Ends with `status`, by default "refused or found a problem".
    init(_ description: String, status: Int32 = ExitStatus.refused) {
        self.description = description
        self.status = status
    }
}

/// Lines for people, apart from a command's result.
enum StandardError {
    static func write(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
