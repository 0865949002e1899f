import ArgumentParser
import CProcessStart
import Dispatch
import Gateway

/// Where the process begins: reads the command line, runs the command and turns what becomes of it into an exit code.
///
/// Not asynchronous itself: whatever Swift's runtime needs for that would be there before the first line.
@main
enum Program {
    static func main() {
        do {
            var command = try HysteriaGateway.parseAsRoot(try CommandWords.corrected(ProcessArguments.values))
            guard let command = command as? any AsyncParsableCommand else {
                try command.run()
                HysteriaGateway.exit()
            }
            try StartingResources().claim()
            start(command)
        } catch {
            end(error)
        }
        dispatchMain()
    }

    private static func start(_ command: sending any AsyncParsableCommand) {
        Task {
            var command = command
            do {
                try await command.run()
            } catch {
                end(error)
            }
            HysteriaGateway.exit()
        }
    }

    /// Says what is to be said, where it belongs, and ends the process.
    private static func end(_ error: any Error) -> Never {
        if let failure = CommandError(error) {
            Terminal.complain(failure.words)
            HysteriaGateway.exit(withError: failure.code)
        }
        let code = HysteriaGateway.exitCode(for: error)
        let words = HysteriaGateway.fullMessage(for: error)
        if !words.isEmpty { code.isSuccess ? Terminal.print(words) : Terminal.complain(words) }
        HysteriaGateway.exit(withError: code)
    }
}

/// The arguments that the process was started with, whether there is a /proc or not.
enum ProcessArguments {
    /// All after the program's own name.
    static var values: [String] {
        (1..<max(1, process_argument_count())).compactMap { process_argument($0).map(String.init(cString:)) }
    }
}
