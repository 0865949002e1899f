import Glibc
import NIOCore
import NIOPosix
import Testing

@testable import Gateway

@Suite("A check of an address")
struct ListenCheckTests {
    private static func results(
        _ code: CInt?,
        _ listeners: [ListeningProcess] = [],
        host: String? = nil
    ) -> [String] {
        let environment = CheckEnvironment.fake(adapt: { environment in
            environment.bind = { _ in code }
            environment.listeners = { listeners }
        })
        return ListenCheck([ListenAddress(host: host, port: 443)], nil, environment: environment).results
            .map(\.description)
    }

    private static func listener(_ host: String, _ command: String?, port: Int = 443) -> ListeningProcess {
        ListeningProcess(
            address: ListenAddress(host: host, port: port),
            user: "www-data",
            process: command.map { .init(number: 812, command: $0) }
        )
    }

    @Test("says who has taken it, each process once")
    func taken() {
        #expect(
            Self.results(EADDRINUSE, [Self.listener("0.0.0.0", "nginx"), Self.listener("::", "nginx")]) == [
                "failure  listen :443: taken by nginx (process 812, user 'www-data')"
            ]
        )
        #expect(
            Self.results(EADDRINUSE, [Self.listener("::", "caddy")], host: "127.0.0.1") == [
                "failure  listen 127.0.0.1:443: taken by caddy (process 812, user 'www-data')"
            ]
        )
        #expect(
            Self.results(EADDRINUSE, [Self.listener("0.0.0.0", nil)]) == [
                "failure  listen :443: taken by a process of user 'www-data' (root can see which)"
            ]
        )
        #expect(
            Self.results(EADDRINUSE, [Self.listener("0.0.0.0", "nginx", port: 80)]) == [
                "failure  listen :443: taken, though no process can be seen that listens there"
            ]
        )
    }

    @Test("only warns of a gateway that runs already")
    func running() {
        #expect(
            Self.results(EADDRINUSE, [Self.listener("::", "hysteria-gateway")]) == [
                "warning  listen :443: a gateway is running already: hysteria-gateway (process 812, user 'www-data')"
            ]
        )
    }

    @Test("takes no other program for one", arguments: ["hysteria-gatewa", "hysteria-gateway-exporter", "hysteria"])
    func others(command: String) {
        #expect(
            Self.results(EADDRINUSE, [Self.listener("::", command)]) == [
                "failure  listen :443: taken by \(command) (process 812, user 'www-data')"
            ]
        )
    }

    @Test("says what permission or address is lacking")
    func refused() {
        #expect(
            Self.results(EACCES) == [
                "warning  listen :443: user 'gateway' may not listen on ports below 1024 "
                    + "without CAP_NET_BIND_SERVICE: a systemd unit gives it with AmbientCapabilities, "
                    + "a shell does not"
            ]
        )
        #expect(
            Self.results(EADDRNOTAVAIL, host: "192.0.2.1") == [
                "failure  listen 192.0.2.1:443: this machine does not have the address (ip address lists those it has)"
            ]
        )
        #expect(Self.results(EMFILE) == ["failure  listen :443: cannot be listened on: Too many open files"])
        #expect(Self.results(nil) == ["ok       listen :443: can be listened on"])
    }

    @Test("finds this very process where it listens itself", .timeLimit(.minutes(5)))
    func live() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        for host in ["127.0.0.1", "::1"] {
            guard let channel = try? await ServerBootstrap(group: group).bind(host: host, port: 0).get() else {
                // A machine without IPv6 has nothing to find there.
                try #require(host == "::1")
                continue
            }
            let port = try #require(channel.localAddress?.port)
            let address = ListenAddress(host: host, port: port)
            #expect(SocketProbe.bind(address) == EADDRINUSE)
            let found = ListeningProcess.all().filter { $0.address == address }
            #expect(found.map(\.process?.number) == [Int(getpid())])
            #expect(found.first?.user == SystemNames.user(geteuid()))
            try await channel.close()
            // A process that another test starts has the socket as well, until it becomes another program.
            while SocketProbe.bind(address) == EADDRINUSE { await Task.yield() }
            #expect(SocketProbe.bind(address) == nil)
        }
        #expect(SocketProbe.bind(ListenAddress(host: nil, port: 0)) == nil)
        #expect(SocketProbe.bind(ListenAddress(host: "192.0.2.1", port: 0)) == EADDRNOTAVAIL)
    }

    @Test("reads the kernel's table, and nothing from what is none")
    func table() {
        let text = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 4711 1 0 100 0 0
               1: 0100007F:1F91 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 100 0 0
               2: 00000000000000000000000001000000:01BB 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 4713 1
               3: XYZ:1F90 00000000:0000 0A 0:0 00:0 0 33 0 4711
               4: 0100007F 00000000:0000 0A 0:0 00:0 0 33 0 4711
            rubbish
            """
        #expect(
            SocketTable(text).entries == [
                SocketTable.Entry(host: "127.0.0.1", port: 8080, user: 33, inode: 4711),
                SocketTable.Entry(host: "::1", port: 443, user: 0, inode: 4713),
            ]
        )
        #expect(SocketTable("").entries.isEmpty)
    }
}
