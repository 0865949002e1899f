extension ConfigurationMistakes {
    static let inValues = #"""
        | limits: {idleTimeout: 60}
        | @minimal
        > config.yaml:1: limits.idleTimeout: found '60' without a unit; expected 60s or 60m

        | limits: {idleTimeout: 5000}
        | @minimal
        > config.yaml:1: limits.idleTimeout: found '5000' without a unit; expected 5000ms

        | limits: {idleTimeout: -5s}
        | @minimal
        > config.yaml:1: limits.idleTimeout: found '-5s'; expected a duration such as 500ms, 10s or 1m, from 100ms to 1h

        | limits: {idleTimeout: 1m30s}
        | @minimal
        > config.yaml:1: limits.idleTimeout: found '1m30s'; expected 90s

        | limits: {idleTimeout: 1.5s}
        | @minimal
        > config.yaml:1: limits.idleTimeout: found '1.5s'; expected 1500ms

        | limits: {idleTimeout: 10 s}
        | @minimal
        > config.yaml:1: limits.idleTimeout: found '10 s'; expected 10s

        | limits: {idleTimeout: 10sec}
        | @minimal
        > config.yaml:1: limits.idleTimeout: found '10sec'; expected 10s

        | limits: {idleTimeout: 1 minute}
        | @minimal
        > config.yaml:1: limits.idleTimeout: found '1 minute'; expected 1m

        | limits: {idleTimeout: 1d}
        | @minimal
        > config.yaml:1: limits.idleTimeout: found '1d'; expected a duration such as 500ms, 10s or 1m, from 100ms to 1h

        | limits: {idleTimeout: 10S}
        | @minimal
        > config.yaml:1: limits.idleTimeout: found '10S'; expected 10s

        | limits: {idleTimeout: 60秒}
        | @minimal
        > config.yaml:1: limits.idleTimeout: found '60秒'; expected 1m

        | limits: {idleTimeout: off}
        | @minimal
        > config.yaml:1: limits.idleTimeout: found 'off'; expected a duration such as 500ms, 10s or 1m, from 100ms to 1h

        | limits: {idleTimeout: 0}
        | @minimal
        > config.yaml:1: limits.idleTimeout: found '0'; expected a duration such as 500ms, 10s or 1m, from 100ms to 1h

        | limits: {idleTimeout: soon}
        | @minimal
        > config.yaml:1: limits.idleTimeout: found 'soon'; expected a duration such as 500ms, 10s or 1m, from 100ms to
        >+ 1h

        | limits: {idleTimeout: "60"}
        | @minimal
        > config.yaml:1: limits.idleTimeout: found '60' without a unit; expected 60s or 60m

        | limits: {connections: 10_000}
        | @minimal
        > config.yaml:1: limits.connections: found '10_000'; expected 10000

        | limits: {connections: "10,000"}
        | @minimal
        > config.yaml:1: limits.connections: found '10,000' in quotes; expected 10000 without quotes

        | limits: {connections: -1}
        | @minimal
        > config.yaml:1: limits.connections: found '-1'; expected a whole number from 1 to 1000000

        | limits: {connections: 10k}
        | @minimal
        > config.yaml:1: limits.connections: found '10k'; expected a whole number from 1 to 1000000

        | limits: {connections: 0}
        | @minimal
        > config.yaml:1: limits.connections: found '0'; expected a whole number from 1 to 1000000

        | limits: {connections: unlimited}
        | @minimal
        > config.yaml:1: limits.connections: found 'unlimited'; expected a whole number from 1 to 1000000

        | limits: {connections: 100, connectionsPerAddress: 200}
        | @minimal
        ? config.yaml:1: limits.connectionsPerAddress: 200 for one address is more than 100 for all
        ?+ (limits.connections): a single caller can keep everybody else out; write less than 100

        | threads: "2"
        | @minimal
        > config.yaml:1: threads: found '2' in quotes; expected 2 without quotes

        | threads: auto
        | @minimal
        > config.yaml:1: threads: found 'auto'; expected a whole number from 1 to 1024

        | threads: 2.0
        | @minimal
        > config.yaml:1: threads: found '2.0'; expected a whole number from 1 to 1024

        | tls: {sessionTickets: yes}
        | @minimal
        > config.yaml:1: tls.sessionTickets: 'yes' is no truth value; did you mean 'true'?

        | tls: {sessionTickets: off}
        | @minimal
        > config.yaml:1: tls.sessionTickets: 'off' is no truth value; did you mean 'false'?

        | tls: {sessionTickets: True}
        | @minimal
        > config.yaml:1: tls.sessionTickets: 'True' is no truth value; did you mean 'true'?

        | tls: {sessionTickets: "true"}
        | @minimal
        > config.yaml:1: tls.sessionTickets: found 'true' in quotes; expected true or false, without quotes

        | tls: {sessionTickets: 1}
        | @minimal
        > config.yaml:1: tls.sessionTickets: '1' is no truth value; did you mean 'true'?

        | accessLog: off
        | @minimal
        > config.yaml:1: accessLog: 'off' is no format; did you mean 'none'?

        | accessLog: on
        | @minimal
        > config.yaml:1: accessLog: 'on' is no format; did you mean 'text'?

        | logLevel: warn
        | @minimal
        > config.yaml:1: logLevel: 'warn' is no level; did you mean 'warning'?

        | logLevel: verbose
        | @minimal
        > config.yaml:1: logLevel: 'verbose' is no level; did you mean 'debug'?

        | logLevel: [info]
        | @minimal
        > config.yaml:1: logLevel: found a list; expected one of trace, debug, info, notice, warning, error, critical;
        >+ write it without brackets or a dash

        | metrics: off
        | @minimal
        > config.yaml:1: metrics: found a single value; expected the keys users, userLimit

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     expires: 01/02/2027
        > config.yaml:7: tokens[0].expires: found '01/02/2027'; expected a date such as 2027-01-01 (from its start, in
        >+ UTC) or 2027-01-01T12:00:00Z

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     expires: 2027/01/31
        > config.yaml:7: tokens[0].expires: found '2027/01/31'; did you mean '2027-01-31'?

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     expires: 31.12.2027
        > config.yaml:7: tokens[0].expires: found '31.12.2027'; did you mean '2027-12-31'?

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     expires: 31/12/2027
        > config.yaml:7: tokens[0].expires: found '31/12/2027'; did you mean '2027-12-31'?

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     expires: 12/31/2027
        > config.yaml:7: tokens[0].expires: found '12/31/2027'; did you mean '2027-12-31'?

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     expires: 2027-1-1
        > config.yaml:7: tokens[0].expires: found '2027-1-1'; did you mean '2027-01-01'?

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     expires: 20270101
        > config.yaml:7: tokens[0].expires: found '20270101'; did you mean '2027-01-01'?

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     expires: 2027-02-30
        > config.yaml:7: tokens[0].expires: found '2027-02-30'; expected a date such as 2027-01-01 (from its start, in
        >+ UTC) or 2027-01-01T12:00:00Z

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     expires: 2027-01-01 12:00
        > config.yaml:7: tokens[0].expires: found '2027-01-01 12:00'; did you mean '2027-01-01T12:00:00Z'?

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     expires: 2027-01-01T12:00
        > config.yaml:7: tokens[0].expires: found '2027-01-01T12:00'; did you mean '2027-01-01T12:00:00Z'?

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     expires: never
        > config.yaml:7: tokens[0].expires: found 'never'; expected no 'expires' at all, if the token has no end

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     expires: 30d
        > config.yaml:7: tokens[0].expires: found '30d'; expected a date such as 2027-01-01 (from its start, in UTC) or
        >+ 2027-01-01T12:00:00Z

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     expires: 1798761600
        > config.yaml:7: tokens[0].expires: found '1798761600'; expected a date such as 2027-01-01 (from its start, in
        >+ UTC) or 2027-01-01T12:00:00Z

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     expires: 2027年1月1日
        > config.yaml:7: tokens[0].expires: found '2027年1月1日'; did you mean '2027-01-01'?

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     expires: 2020-01-01
        ? config.yaml:7: tokens[0].expires: the token expired at 2020-01-01T00:00:00Z and opens nothing; remove or
        ?+ renew it

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     addresses: [192.0.2.7/24]
        > config.yaml:7: tokens[0].addresses[0]: 192.0.2.7/24 has bits behind the first 24; expected 192.0.2.0/24 for
        >+ the range, or 192.0.2.7 for the one address

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     addresses: [2001:db8::1/32]
        > config.yaml:7: tokens[0].addresses[0]: 2001:db8::1/32 has bits behind the first 32; expected 2001:db8::/32
        >+ for the range, or 2001:db8::1 for the one address

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     addresses: [192.0.2.*]
        > config.yaml:7: tokens[0].addresses[0]: found '192.0.2.*'; expected 192.0.2.0/24

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     addresses: [192.0.2.0/255.255.255.0]
        > config.yaml:7: tokens[0].addresses[0]: found '192.0.2.0/255.255.255.0'; expected 192.0.2.0/24

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     addresses: [192.0.2.1-192.0.2.9]
        > config.yaml:7: tokens[0].addresses[0]: found '192.0.2.1-192.0.2.9'; expected ranges by prefix, such as
        >+ 192.0.2.0/24, or an entry for each address

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     addresses: ["192.0.2.7:443"]
        > config.yaml:7: tokens[0].addresses[0]: found '192.0.2.7:443'; expected 192.0.2.7

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     addresses: ["[2001:db8::1]"]
        > config.yaml:7: tokens[0].addresses[0]: found '[2001:db8::1]'; expected 2001:db8::1

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     addresses: [localhost]
        > config.yaml:7: tokens[0].addresses[0]: found 'localhost'; expected 127.0.0.1 and ::1, as two entries

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     addresses: ["*"]
        > config.yaml:7: tokens[0].addresses[0]: found '*'; expected no 'addresses' at all, if the token is good from
        >+ everywhere

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     addresses: [192.0.2.0/33]
        > config.yaml:7: tokens[0].addresses[0]: found '192.0.2.0/33'; expected a number from 0 to 32 behind the slash

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     addresses: [192.0.2]
        > config.yaml:7: tokens[0].addresses[0]: found '192.0.2'; expected an address or a range of them, such as
        >+ 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     addresses: [my.site.com]
        > config.yaml:7: tokens[0].addresses[0]: found 'my.site.com'; expected an address or a range of them, such as
        >+ 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32
        """#
}
