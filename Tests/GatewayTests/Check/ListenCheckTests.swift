import Glibc
import NIOCore
import NIOPosix
import OwnHosts
import Testing

@testable import Gateway
@testable import GatewayConfiguration

@Suite("A check of an address")
struct ListenCheckTests {
    private static func results(
        _ code: CInt?,
        _ listeners: [ListeningProcess] = [],
        host: String? = nil,
        files change: (inout FakeFiles) -> Void = { _ in }
    ) -> [String] {
        let environment = CheckEnvironment.fake(files: change) { environment in
            environment.bind = { _ in code }
            environment.listeners = { listeners }
        }
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
                "failure  listen :443: in use, but the process that listens there is not visible"
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

    /// The socket that systemd opened, as root sees it or as others do.
    private static func systemd(_ host: String, isSeen: Bool = true) -> ListeningProcess {
        ListeningProcess(
            address: ListenAddress(host: host, port: 443),
            user: "root",
            process: isSeen ? .init(number: 1, command: "systemd") : nil
        )
    }

    private static func enableSocketUnit(_ files: inout FakeFiles) {
        files.link(
            "/etc/systemd/system/sockets.target.wants/hysteria-gateway.socket",
            to: "/usr/lib/systemd/system/hysteria-gateway.socket"
        )
    }

    @Test("finds it well that systemd holds it for the gateway")
    func socketUnit() {
        for (host, bound) in [(nil, "::"), (nil, "0.0.0.0"), ("::1", "::1"), ("127.0.0.1", "127.0.0.1")] {
            let address = ListenAddress(host: host, port: 443)
            let holder = Self.systemd(bound)
            #expect(
                Self.results(EADDRINUSE, [holder, holder], host: host, files: Self.enableSocketUnit) == [
                    "ok       listen \(address): held by systemd (process 1, user 'root'), which hands it to the gateway by "
                        + "hysteria-gateway.socket"
                ]
            )
        }
    }

    @Test("says it where systemd holds another address for the gateway")
    func otherAddressOfSocketUnit() {
        #expect(
            Self.results(EADDRINUSE, [Self.systemd("::")], host: "127.0.0.1", files: Self.enableSocketUnit) == [
                "failure  listen 127.0.0.1:443: systemd (process 1, user 'root') holds [::]:443, which is another address: "
                    + "the ListenStream= of hysteria-gateway.socket has to be the same "
                    + "(systemctl edit hysteria-gateway.socket)"
            ]
        )
    }

    @Test("tells users who may not see what systemd holds how to find out")
    func unseenSocketUnit() {
        let unseen = Self.systemd("::", isSeen: false)
        #expect(
            Self.results(EADDRINUSE, [unseen], files: Self.enableSocketUnit) == [
                "warning  listen :443: taken by a process of user 'root' (root can see which); it is systemd, and all is well, "
                    + "if hysteria-gateway.socket is active (systemctl is-active hysteria-gateway.socket)"
            ]
        )
        #expect(
            Self.results(EADDRINUSE, [unseen]) == [
                "failure  listen :443: taken by a process of user 'root' (root can see which)"
            ]
        )
    }

    @Test("does not take what systemd holds for another, or another holds beside it, for the gateway's")
    func otherSocketUnit() {
        #expect(
            Self.results(EADDRINUSE, [Self.systemd("::")]) == [
                "failure  listen :443: taken by systemd (process 1, user 'root') for a socket unit "
                    + "(systemctl list-sockets says which); "
                    + "if it is hysteria-gateway.socket: systemctl enable hysteria-gateway.socket"
            ]
        )
        #expect(
            Self.results(
                EADDRINUSE,
                [Self.systemd("::1"), Self.listener("0.0.0.0", "nginx")],
                files: Self.enableSocketUnit
            )
                == [
                    "failure  listen :443: taken by systemd (process 1, user 'root'), nginx (process 812, user 'www-data')"
                ]
        )
        // A program may call itself what it likes.
        #expect(
            Self.results(EADDRINUSE, [Self.listener("::", "systemd")], files: Self.enableSocketUnit) == [
                "failure  listen :443: taken by systemd (process 812, user 'www-data')"
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

    @Test("does not read the connections of a busy machine, which the kernel lists behind", arguments: [1, 150, 4096])
    func listeningPart(size: Int) {
        func line(_ number: Int, _ state: String) -> String {
            "   \(number): 0100007F:1F90 00000000:0000 \(state) 0:0 00:0 0 33 0 \(number) 1 0 100 0 0\n"
        }
        let listening =
            "  sl  local_address rem_address   st tx_queue rx_queue\n" + (0..<200).map { line($0, "0A") }.joined()
        let others = (0..<10_000).map { line($0, $0 % 2 == 0 ? "01" : "06") }.joined()
        for text in [listening, listening + others] {
            let bytes = Array(text.utf8)
            var read = 0
            let table = SocketTable(
                upToListening: {
                    guard read < bytes.count else { return nil }
                    let end = min(read + size, bytes.count)
                    defer { read = end }
                    return bytes[read..<end]
                }
            )
            #expect(table.entries.map(\.inode) == Array(0..<200))
            #expect(read <= listening.utf8.count + 4096 + 150)
        }
    }

    @Test("finds a socket of this machine that listens, however many connections there are")
    func listeningHere() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let host = OwnHost.next()
        let listener = try await ServerBootstrap(group: group).bind(host: host, port: 0).get()
        let port = try #require(listener.localAddress?.port)
        #expect(SocketTable.system().contains { $0.host == host && $0.port == port })
        try await listener.close()
    }
}
