import ArgumentParser
@preconcurrency import Glibc
import Operations

/// The entry of the program: parses the command line, runs the command, and turns errors into the exit statuses of the interface.
@main
enum Main {
    static func main() async {
        // Whoever reads our lines through a pipe shall see them as they come; whoever closes it shall not kill us.
        setvbuf(stdout, nil, _IOLBF, 0)
        signal(SIGPIPE, SIG_IGN)
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
