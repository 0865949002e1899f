import AuthoritySimulator
import Glibc

// The simulated authority as a program, for clients that are not Swift's: scripts/test-authority has certbot and lego get certificates
// from it.
//
// usage: authority-simulator HTTP-PORT TLS-PORT FOLDER [EXTERNAL-ACCOUNT KEY]
//
// Writes trust.pem and root.pem to the folder, which also has the TXT records, a file each: FOLDER/NAME. Prints the URL of
// the directory, and runs until its standard input ends.

func say(_ line: String) {
    let line = line + "\n"
    _ = Glibc.write(STDERR_FILENO, line, line.utf8.count)
}

guard [4, 6].contains(CommandLine.arguments.count), let httpPort = Int(CommandLine.arguments[1]),
    let tlsPort = Int(CommandLine.arguments[2])
else {
    say("usage: authority-simulator HTTP-PORT TLS-PORT FOLDER [EXTERNAL-ACCOUNT KEY]")
    exit(2)
}
let folder = CommandLine.arguments[3]

@Sendable func lines(of file: String) -> [String] {
    guard let stream = fopen(file, "r") else { return [] }
    defer { fclose(stream) }
    var lines: [String] = []
    var line = [CChar](repeating: 0, count: 1024)
    while fgets(&line, CInt(line.count), stream) != nil {
        let bytes = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        lines.append(String(decoding: bytes.filter { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
    return lines
}

func write(_ text: String, to file: String) {
    guard let stream = fopen(file, "w") else {
        say("authority-simulator: \(file) cannot be written")
        exit(1)
    }
    fputs(text, stream)
    fclose(stream)
}

var configuration = AuthoritySimulator.Configuration(httpPort: httpPort, tlsPort: tlsPort)
configuration.textRecords = { name in lines(of: "\(folder)/\(name)") }
// Clients meet what they may meet: refused nonces, slow validation and issuance.
configuration.behaviour.refusesEveryNonce = 7
configuration.behaviour.validationReadings = 1
configuration.behaviour.issuanceReadings = 1
configuration.behaviour.retryAfter = .seconds(1)
if CommandLine.arguments.count == 6 {
    configuration.behaviour.externalAccounts = [CommandLine.arguments[4]: Array(CommandLine.arguments[5].utf8)]
}
let authority = try await AuthoritySimulator.start(configuration)
write(authority.trustPEM, to: "\(folder)/trust.pem")
write(authority.rootPEM, to: "\(folder)/root.pem")
print(authority.directoryURL)
fflush(nil)
while getchar() != EOF {}
for request in await authority.requests {
    say("\(request.method) \(request.path) \(request.status ?? 0) \(request.problem ?? "")")
}
for validation in await authority.validations {
    say("\(validation.kind) \(validation.identifier): \(validation.problem?.detail ?? "good")")
}
await authority.shutDown()
