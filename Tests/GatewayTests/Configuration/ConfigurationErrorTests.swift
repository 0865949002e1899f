import Testing

@testable import Gateway

@Suite("A wrong configuration says")
struct ConfigurationErrorTests {
    private typealias Fixture = ConfigurationFixture

    /// A line at the top, before the rest of a good configuration, and the one problem it makes.
    @Test(
        "what is wrong with one line",
        arguments: [
            // Unknown keys.
            ("listn: 1", "config.yaml:1: listn: unknown key; did you mean 'listen'?"),
            ("acces-log: text", "config.yaml:1: acces-log: unknown key; did you mean 'accessLog'?"),
            ("LogLevel: info", "config.yaml:1: LogLevel: unknown key; did you mean 'logLevel'?"),
            (
                "verbosity: 1",
                "config.yaml:1: verbosity: unknown key; expected one of listen, redirect, threads, hysteria, "
                    + "upstream, acme, certificates, tls, clientCertificates, ledger, quotas, tokens, limits, metrics, cors, "
                    + "accessLog, log, logLevel"
            ),
            (
                "limits: {conections: 3}",
                "config.yaml:1: limits.conections: unknown key; did you mean 'connections'?"
            ),
            (
                "limits: {idle_timeout: 3s}",
                "config.yaml:1: limits.idle_timeout: unknown key; did you mean 'idleTimeout'?"
            ),
            // Addresses.
            (
                "listen: 443",
                "config.yaml:1: listen: found '443'; expected \":443\""
            ),
            (
                "listen: 127.0.0.1",
                "config.yaml:1: listen: found '127.0.0.1'; expected \"127.0.0.1:443\", with the port "
                    + "to listen on"
            ),
            (
                "listen: localhost:443",
                "config.yaml:1: listen: found 'localhost:443'; expected \"127.0.0.1:443\" for IPv4, "
                    + "\"[::1]:443\" for IPv6, or a list of both"
            ),
            (
                "listen: \"*:443\"",
                "config.yaml:1: listen: found '*:443'; expected \":443\" for all addresses of this "
                    + "machine"
            ),
            (
                "listen: https://my.site.com:443",
                "config.yaml:1: listen: found 'https://my.site.com:443'; expected \":443\", without "
                    + "'https://'"
            ),
            (
                "listen: ::1:443",
                "config.yaml:1: listen: found '::1:443'; expected \"[::1]:443\""
            ),
            (
                "listen: \"[::1]\"",
                "config.yaml:1: listen: found '[::1]'; expected \"[::1]:443\", with the port to listen "
                    + "on"
            ),
            ("listen: \"[::1:443\"", "config.yaml:1: listen: found '[::1:443'; expected a ']' after the IPv6 address"),
            (
                "listen: \"[127.0.0.1]:443\"",
                "config.yaml:1: listen: found '[127.0.0.1]:443'; expected an IPv6 address within the brackets"
            ),
            (
                "listen: \"[:::1]:443\"",
                "config.yaml:1: listen: found '[:::1]:443'; expected an IP address of this machine"
            ),
            (
                "listen: \":65536\"",
                "config.yaml:1: listen: found ':65536'; expected a port from 0 to 65535 behind the last colon"
            ),
            (
                "listen: \":\"",
                "config.yaml:1: listen: found ':'; expected a port from 0 to 65535 behind the last colon"
            ),
            (
                "listen: \":+1\"",
                "config.yaml:1: listen: found ':+1'; expected a port from 0 to 65535 behind the last colon"
            ),
            (
                "listen: \":٤٤٣\"",
                "config.yaml:1: listen: found ':٤٤٣'; expected an address in visible ASCII"
            ),
            (
                "listen: \"\"",
                "config.yaml:1: listen: found ''; expected an address with a port, such as \":443\" or "
                    + "\"127.0.0.1:8443\""
            ),
            ("listen: []", "config.yaml:1: listen: found an empty list; expected at least one of the addresses"),
            (
                "listen:",
                "config.yaml:1: listen: found nothing; expected an address with a port, "
                    + "such as \":443\" or \"127.0.0.1:8443\""
            ),
            (
                "listen: {adress: \":443\", address: \":443\"}",
                "config.yaml:1: listen.adress: unknown key; did you mean 'address'?"
            ),
            (
                "listen: [\":443\", {clientCertificates: none}]",
                "config.yaml:1: listen[1].address: missing; expected an address with a port, "
                    + "such as \":443\" or \"127.0.0.1:8443\""
            ),
            (
                "listen: [\":443\", {address: 443}]",
                "config.yaml:1: listen[1].address: found '443'; expected \":443\""
            ),
            (
                "listen: [[\":443\"]]",
                "config.yaml:1: listen[0]: found a list; expected an address with a port, such as "
                    + "\":443\" or \"127.0.0.1:8443\"; write it without brackets or a dash"
            ),
            (
                "listen: [\":443\", \"127.0.0.1:443\"]",
                "config.yaml:1: listen[1]: 127.0.0.1:443 and :443 (line 1) cannot be bound both; expected another port"
            ),
            (
                "listen: [\":443\", {address: \"127.0.0.1:443\"}]",
                "config.yaml:1: listen[1].address: 127.0.0.1:443 and :443 (line 1) cannot be bound both; "
                    + "expected another port"
            ),
            (
                "redirect: \":443\"",
                "config.yaml:1: redirect: :443 and :443 (the default of 'listen') cannot be bound both; "
                    + "expected another port"
            ),
            (
                "redirect: {address: \":80\"}",
                "config.yaml:1: redirect: found keys and values; expected an address with a port, "
                    + "such as \":443\" or \"127.0.0.1:8443\"; write it without a key"
            ),
            (
                "redirect: [\":80\"]",
                "config.yaml:1: redirect: found a list; expected an address with a port, such as "
                    + "\":443\" or \"127.0.0.1:8443\"; write it without brackets or a dash"
            ),
            // Numbers.
            ("threads: 0", "config.yaml:1: threads: found '0'; expected a whole number from 1 to 1024"),
            ("threads: -1", "config.yaml:1: threads: found '-1'; expected a whole number from 1 to 1024"),
            ("threads: 1025", "config.yaml:1: threads: found '1025'; expected a whole number from 1 to 1024"),
            ("threads: 2.0", "config.yaml:1: threads: found '2.0'; expected a whole number from 1 to 1024"),
            ("threads: two", "config.yaml:1: threads: found 'two'; expected a whole number from 1 to 1024"),
            (
                "threads: \"2\"",
                "config.yaml:1: threads: found '2' in quotes; expected 2 without quotes"
            ),
            ("threads: ~", "config.yaml:1: threads: found nothing; expected a whole number from 1 to 1024"),
            (
                "threads: [2]",
                "config.yaml:1: threads: found a list; expected a whole number from 1 to 1024; write "
                    + "it without brackets or a dash"
            ),
            (
                "threads: 99999999999999999999",
                "config.yaml:1: threads: found '99999999999999999999'; expected a whole number from 1 to 1024"
            ),
            (
                "limits: {connections: 1e4}",
                "config.yaml:1: limits.connections: found '1e4'; expected a whole number from 1 to 1000000"
            ),
            (
                "metrics: {users: no}",
                "config.yaml:1: metrics.users: 'no' is no truth value; did you mean 'false'?"
            ),
            (
                "metrics: {userLimit: 0}",
                "config.yaml:1: metrics.userLimit: found '0'; expected a whole number from 1 to 1000000"
            ),
            (
                "metrics: {userLimits: 5}",
                "config.yaml:1: metrics.userLimits: unknown key; did you mean 'userLimit'?"
            ),
            ("metrics: true", "config.yaml:1: metrics: found a single value; expected the keys users, userLimit"),
            // Durations.
            (
                "limits: {idleTimeout: 60}",
                "config.yaml:1: limits.idleTimeout: found '60' without a unit; expected 60s or 60m"
            ),
            (
                "limits: {idleTimeout: 1 m}",
                "config.yaml:1: limits.idleTimeout: found '1 m'; expected 1m"
            ),
            (
                "limits: {idleTimeout: 1m30s}",
                "config.yaml:1: limits.idleTimeout: found '1m30s'; expected 90s"
            ),
            (
                "limits: {idleTimeout: 1d}",
                "config.yaml:1: limits.idleTimeout: found '1d'; expected a duration such as 500ms, "
                    + "10s or 1m, from 100ms to 1h"
            ),
            (
                "limits: {idleTimeout: 0s}",
                "config.yaml:1: limits.idleTimeout: found '0s'; expected a duration from 100ms to 1h"
            ),
            (
                "limits: {headTimeout: 61m}",
                "config.yaml:1: limits.headTimeout: found '61m'; expected a duration from 100ms to 1h"
            ),
            (
                "limits: {headTimeout: 9999999999999999h}",
                "config.yaml:1: limits.headTimeout: found '9999999999999999h'; expected a duration "
                    + "such as 500ms, 10s or 1m, from 100ms to 1h"
            ),
            (
                "limits: 10s",
                "config.yaml:1: limits: found a single value; expected the keys connections, "
                    + "connectionsPerAddress, handshakeTimeout, headTimeout, bodyTimeout, idleTimeout"
            ),
            // Words.
            ("accessLog: jsn", "config.yaml:1: accessLog: 'jsn' is no format; did you mean 'json'?"),
            (
                "accessLog: true",
                "config.yaml:1: accessLog: 'true' is no format; did you mean 'text'?"
            ),
            ("logLevel: warn", "config.yaml:1: logLevel: 'warn' is no level; did you mean 'warning'?"),
            ("logLevel: INFO", "config.yaml:1: logLevel: 'INFO' is no level; did you mean 'info'?"),
        ]
    )
    func oneLine(line: String, expected: String) {
        #expect(Fixture.problems(line + "\n" + Fixture.minimal) == [expected])
    }

    @Test("everything at once, in the order of the lines")
    func everythingAtOnce() {
        let problems = Fixture.problems(
            """
            listen: 443
            treads: 2
            upstream:
              adress: 127.0.0.1:9999
              timeout: 5
            certificates:
              - certificate: missing.pem
            tokens:
              - name: phone
                hash: md5:abc
                scopes: [trafic, online, online]
              - name: phone
                token: short
            logLevel: loud
            """
        )
        #expect(
            problems == [
                "config.yaml:1: listen: found '443'; expected \":443\"",
                "config.yaml:2: treads: unknown key; did you mean 'threads'?",
                "config.yaml:3: upstream.address: missing; expected the address of Hysteria's stats API, "
                    + "such as 127.0.0.1:9999",
                "config.yaml:4: upstream.adress: unknown key; did you mean 'address'?",
                "config.yaml:5: upstream.timeout: found '5' without a unit; expected 5s or 5m",
                "config.yaml:7: certificates[0].certificate: /etc/gw/missing.pem does not exist",
                "config.yaml:7: certificates[0].key: missing; expected the path of a PEM file with the private key",
                "config.yaml:10: tokens[0].hash: found a text of 7 characters that does not begin with sha256:; "
                    + "expected sha256: and 64 hexadecimal digits, as 'hysteria-gateway token NAME' prints them",
                "config.yaml:11: tokens[0].scopes[0]: 'trafic' is no scope; did you mean 'traffic'?",
                "config.yaml:11: tokens[0].scopes[2]: 'online' is given more than once; expected each scope once",
                "config.yaml:12: tokens[1].name: the name 'phone' is given more than once; "
                    + "expected a name of its own; line 9 has it too",
                "config.yaml:12: tokens[1].scopes: missing; "
                    + "expected a list of traffic, online, streams, metrics, usage, clear, kick, subscription",
                "config.yaml:13: tokens[1].token: found a token of 5 characters; "
                    + "expected a token of 16 to 512 visible ASCII characters",
                "config.yaml:14: logLevel: 'loud' is no level; expected one of trace, debug, info, notice, "
                    + "warning, error, critical",
            ]
        )
    }

    @Test("which of the parts that it needs are missing")
    func missingParts() {
        #expect(
            Fixture.problems("threads: 2") == [
                "config.yaml: upstream: missing; expected 'upstream' with the address of Hysteria's stats API, "
                    + "or 'hysteria' with its own file",
                "config.yaml: certificates: missing; expected 'acme' with the name that callers use, 'certificates' with "
                    + "the files of a certificate and its key, or 'hysteria' with its own file",
                "config.yaml: tokens: missing; expected at least one token; 'hysteria-gateway token NAME' makes one",
            ]
        )
    }

    @Test("by what path component the configuration itself cannot be read")
    func unreadable() {
        func problem(_ change: (inout FakeFiles) -> Void) -> [String] { Fixture.problems(Fixture.minimal, change) }
        let advice = "; name another one with --config"
        #expect(
            problem { $0.directory("/etc/gw", mode: 0o700) } == [
                "config.yaml: the configuration cannot be read: "
                    + "user 'gateway' may not enter /etc/gw (drwx------ root:root); "
                    + "run: chgrp gateway /etc/gw && chmod g+x /etc/gw"
            ]
        )
        #expect(
            problem { $0.file("/etc/gw/config.yaml", mode: 0o600, owner: "root", group: "root") } == [
                "config.yaml: the configuration cannot be read: "
                    + "user 'gateway' may not read /etc/gw/config.yaml (-rw------- root:root); "
                    + "run: chgrp gateway /etc/gw/config.yaml && chmod g+r /etc/gw/config.yaml"
            ]
        )
        #expect(
            problem { $0.directory("/etc/gw/config.yaml") } == [
                "config.yaml: the configuration cannot be read: /etc/gw/config.yaml is a directory, not a file; "
                    + "name a file in it: /etc/gw/config.yaml/…"
            ]
        )
        #expect(
            problem { $0.link("/etc/gw/config.yaml", to: "elsewhere.yaml") } == [
                "config.yaml: the configuration cannot be read: /etc/gw/elsewhere.yaml does not exist" + advice
            ]
        )
        #expect(
            problem { $0.file("/etc/gw/config.yaml", String(repeating: "#", count: (1 << 20) + 1)) } == [
                "config.yaml: the configuration cannot be read: /etc/gw/config.yaml: it has more than 1048576 bytes"
                    + advice
            ]
        )
    }
}
