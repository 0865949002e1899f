import Testing

@testable import Gateway

@Suite("The names to watch")
struct WatchedNamesTests {
    @Test("are all components of a path and of the links on the way")
    func links() {
        var files = FakeFiles()
        files.file("/etc/letsencrypt/archive/site/fullchain3.pem")
        files.directory("/etc/letsencrypt/live/site")
        files.link("/etc/letsencrypt/live/site/fullchain.pem", to: "../../archive/./site/fullchain3.pem")
        let watched = WatchedNames(of: ["/etc/letsencrypt/live/site/fullchain.pem"], in: files.access)
        #expect(
            watched.names == [
                "/": ["etc"], "/etc": ["letsencrypt"], "/etc/letsencrypt": ["live", "archive"],
                "/etc/letsencrypt/live": ["site"], "/etc/letsencrypt/live/site": ["fullchain.pem"],
                "/etc/letsencrypt/archive": ["site"], "/etc/letsencrypt/archive/site": ["fullchain3.pem"],
            ]
        )
    }

    @Test("end where nothing is yet, and where links lead in a circle")
    func missing() {
        var files = FakeFiles()
        files.directory("/var")
        files.link("/a", to: "/b")
        files.link("/b", to: "/a")
        let acme = WatchedNames(of: ["/var/acme/site/site.crt"], in: files.access)
        #expect(acme.names == ["/": ["var"], "/var": ["acme"]])
        #expect(WatchedNames(of: ["/a"], in: files.access).names == ["/": ["a", "b"]])
        #expect(WatchedNames(of: [], in: files.access).names.isEmpty)
    }
}
