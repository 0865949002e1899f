import Testing

@testable import Gateway

@Suite("The environment of a service is understood as systemd means it")
struct ServiceEnvironmentTests {
    @Test(
        "messages go to a path or an abstract name",
        arguments: [("/run/x", "/run/x"), ("@x", "@x"), ("vsock:2:1", nil)]
    )
    func notifySocket(value: String, path: String?) throws {
        #expect(try ServiceEnvironment(["NOTIFY_SOCKET": value], process: 7).notifier.path == path)
    }

    @Test("without it there is nothing to do")
    func empty() throws {
        let environment = try ServiceEnvironment([:], process: 7)
        #expect(environment.notifier.path == nil)
        #expect(environment.notifier.watchdog == nil)
        #expect(environment.sockets.rest.isEmpty)
    }

    @Test(
        "the watchdog is for the process that it names, or for any",
        arguments: [(nil, "5000000", 5), ("7", "5000000", 5), ("8", "5000000", nil), (nil, "0", nil), (nil, "x", nil)]
            as [(String?, String, Int?)]
    )
    func watchdog(process: String?, value: String, seconds: Int?) throws {
        var variables = ["WATCHDOG_USEC": value]
        variables["WATCHDOG_PID"] = process
        let environment = try ServiceEnvironment(variables, process: 7)
        #expect(environment.notifier.watchdog == seconds.map { .seconds($0) })
    }

    @Test("sockets are for the process that is named, and for no other", arguments: [nil, "8", "x"] as [String?])
    func otherProcess(process: String?) throws {
        var variables = ["LISTEN_FDS": "1"]
        variables["LISTEN_PID"] = process
        #expect(try ServiceEnvironment(variables, process: 7).sockets.rest.isEmpty)
    }

    @Test("a number of sockets that is none is told", arguments: ["", "x", "-1", "1025", "99999999999"])
    func badNumber(count: String) throws {
        let error = try #require(throws: ServiceEnvironment.EnvironmentError.self) {
            try ServiceEnvironment(["LISTEN_FDS": count, "LISTEN_PID": "7"], process: 7)
        }
        #expect(error.description.contains("LISTEN_FDS is '\(count)'"))
    }
}
