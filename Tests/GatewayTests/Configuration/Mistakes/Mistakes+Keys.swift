extension ConfigurationMistakes {
    static let inKeys = #"""
        | trafficStats: {listen: ":9999", secret: @secret}
        | @minimal
        > config.yaml:1: trafficStats: a key of Hysteria's own file; expected 'upstream:' with 'address' and 'secret'
        >+ below it, or 'hysteria: /etc/hysteria/config.yaml', and the gateway takes address, secret and certificate
        >+ from that file

        | trafficStats:
        |   listen: :9999
        |   secret: @secret
        | @minimal
        > config.yaml:1: trafficStats: a key of Hysteria's own file; expected 'upstream:' with 'address' and 'secret'
        >+ below it, or 'hysteria: /etc/hysteria/config.yaml', and the gateway takes address, secret and certificate
        >+ from that file

        | auth: {type: password, password: @secret}
        | @minimal
        > config.yaml:1: auth: a key of Hysteria's own file; expected 'hysteria: /etc/hysteria/config.yaml', and the
        >+ gateway takes address, secret and certificate from that file

        | acme: {domains: [a.example]}
        | @minimal
        > config.yaml:1: acme.domains: unknown key; expected 'names'
        > config.yaml:1: acme.names: missing; expected a name such as my.site.com, or an address such as 192.0.2.1

        | masquerade: {type: proxy}
        | @minimal
        > config.yaml:1: masquerade: a key of Hysteria's own file; expected 'hysteria: /etc/hysteria/config.yaml', and
        >+ the gateway takes address, secret and certificate from that file

        | tls: {cert: a.crt, key: a.key}
        | @minimal
        > config.yaml:1: tls.cert: unknown key; expected 'certificates:' and below it '- certificate: fullchain.pem'
        >+ and 'key: privkey.pem'
        > config.yaml:1: tls.key: unknown key; expected 'certificates:' and below it '- certificate: fullchain.pem' and
        >+ 'key: privkey.pem'

        | tls: {certificate: a.pem}
        | @minimal
        > config.yaml:1: tls.certificate: unknown key; expected 'certificates:' and below it '- certificate:
        >+ fullchain.pem' and 'key: privkey.pem'

        | Listen: ":443"
        | @minimal
        > config.yaml:1: Listen: unknown key; did you mean 'listen'?

        | LISTEN: ":443"
        | @minimal
        > config.yaml:1: LISTEN: unknown key; did you mean 'listen'?

        | log_level: info
        | @minimal
        > config.yaml:1: log_level: unknown key; did you mean 'logLevel'?

        | log-level: info
        | @minimal
        > config.yaml:1: log-level: unknown key; did you mean 'logLevel'?

        | log: info
        | @minimal
        > config.yaml:1: log: 'info' is no format; expected one of text, json

        | port: 443
        | @minimal
        > config.yaml:1: port: unknown key; expected 'listen: ":443"'

        | ssl_certificate: a.pem
        | @minimal
        > config.yaml:1: ssl_certificate: unknown key; expected 'certificates:' and below it '- certificate:
        >+ fullchain.pem' and 'key: privkey.pem'

        | server_name: a.example
        | @minimal
        > config.yaml:1: server_name: unknown key; expected no key for it: the gateway serves every name that a
        >+ certificate has

        | secret: @secret
        | @minimal
        > config.yaml:1: secret: this key is in the wrong place; expected it under 'upstream:', two spaces further in

        | address: 127.0.0.1:9999
        | @minimal
        > config.yaml:1: address: this key is in the wrong place; expected it under 'upstream:', two spaces further in
        >+ or in an entry of 'listen'

        | name: phone
        | @minimal
        > config.yaml:1: name: this key is in the wrong place; expected it in an entry of 'tokens'

        | timeout: 5s
        | @minimal
        > config.yaml:1: timeout: this key is in the wrong place; expected it under 'upstream:', two spaces further in

        | certificate: a.pem
        | @minimal
        > config.yaml:1: certificate: this key is in the wrong place; expected it in an entry of 'certificates'

        | key: a.pem
        | @minimal
        > config.yaml:1: key: this key is in the wrong place; expected it in an entry of 'certificates'

        | idleTimeout: 60s
        | @minimal
        > config.yaml:1: idleTimeout: this key is in the wrong place; expected it under 'limits:', two spaces further in

        | connectionsperaddress: 5
        | @minimal
        > config.yaml:1: connectionsperaddress: this key is in the wrong place; expected it under 'limits:', two spaces
        >+ further in

        | limits: {connections_per_address: 5}
        | @minimal
        > config.yaml:1: limits.connections_per_address: unknown key; did you mean 'connectionsPerAddress'?

        | limits: {users: 5}
        | @minimal
        > config.yaml:1: limits.users: this key is in the wrong place; expected it in an entry of 'quotas' or in
        >+ an entry of 'tokens' or under 'metrics:', two spaces further in

        | limits: {rateLimit: 5}
        | @minimal
        > config.yaml:1: limits.rateLimit: unknown key; expected one of connections, connectionsPerAddress,
        >+ handshakeTimeout, headTimeout, bodyTimeout, idleTimeout

        | worker_processes: auto
        | @minimal
        > config.yaml:1: worker_processes: unknown key; expected 'threads'

        | host: a.example
        | @minimal
        > config.yaml:1: host: unknown key; expected no key for it: the gateway serves every name that a certificate has

        | token: @token
        | @minimal
        > config.yaml:1: token: this key is in the wrong place; expected it in an entry of 'tokens'

        | @token: 1
        | @minimal
        > config.yaml:1: a text of 46 characters: unknown key; expected one of listen, redirect, threads, hysteria,
        >+ upstream, acme, certificates, tls, clientCertificates, ledger, quotas, tokens, limits, metrics, cors,
        >+ accessLog, log, logLevel

        | quic: {}
        | @minimal
        > config.yaml:1: quic: a key of Hysteria's own file; expected 'hysteria: /etc/hysteria/config.yaml', and the
        >+ gateway takes address, secret and certificate from that file

        | frobnicate: 1
        | @minimal
        > config.yaml:1: frobnicate: unknown key; expected one of listen, redirect, threads, hysteria, upstream,
        >+ acme, certificates, tls, clientCertificates, ledger, quotas, tokens, limits, metrics, cors,
        >+ accessLog, log, logLevel

        | threads: 2
        | threads: 3
        | @minimal
        > config.yaml:2: threads: the key is given more than once; expected it once; line 1 has it too

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     scope: [online]
        > config.yaml:7: tokens[0].scope: unknown key; did you mean 'scopes'?

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     permissions: [online]
        > config.yaml:7: tokens[0].permissions: unknown key; expected 'scopes'

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     expiry: 2027-01-01
        > config.yaml:7: tokens[0].expiry: unknown key; expected 'expires'

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     expire: 2027-01-01
        > config.yaml:7: tokens[0].expire: unknown key; did you mean 'expires'?

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     ip: 192.0.2.1
        > config.yaml:7: tokens[0].ip: unknown key; expected 'addresses'

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     Users: [wang]
        > config.yaml:7: tokens[0].Users: unknown key; did you mean 'users'?

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     user: wang
        > config.yaml:7: tokens[0].user: unknown key; did you mean 'users'?

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     secret: @secret
        > config.yaml:7: tokens[0].secret: unknown key; expected 'token', or better 'hash'

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     limits: {}
        > config.yaml:7: tokens[0].limits: this key is in the wrong place; expected it at the beginning of a line

        | certificates:
        |   certificate: fullchain.pem
        |   key: privkey.pem
        | @upstream
        | @tokens
        > config.yaml:1: certificates: found keys and values; expected a list of certificates, each with the keys
        >+ certificate and key; write '- ' before the first key of each

        | certificates:
        |   - cert: fullchain.pem
        |     key: privkey.pem
        | @upstream
        | @tokens
        > config.yaml:2: certificates[0].cert: unknown key; expected 'certificate'
        > config.yaml:2: certificates[0].certificate: missing; expected the path of a PEM file with the certificate and
        >+ its chain

        | certificates: fullchain.pem
        | @upstream
        | @tokens
        > config.yaml:1: certificates: found a single value; expected a list of certificates, each with the keys
        >+ certificate and key

        | certificates: [fullchain.pem, privkey.pem]
        | @upstream
        | @tokens
        > config.yaml:1: certificates[0]: found a single value; expected the keys certificate, key
        > config.yaml:1: certificates[1]: found a single value; expected the keys certificate, key

        | certificates:
        | @upstream
        | @tokens
        > config.yaml:1: certificates: found nothing; expected a list of certificates, each with the keys certificate
        >+ and key

        | limits:
        | - connections: 5
        | @minimal
        > config.yaml:1: limits: found a list; expected the keys connections, connectionsPerAddress, handshakeTimeout,
        >+ headTimeout, bodyTimeout, idleTimeout; write them without '- ' before them

        | limits: 100
        | @minimal
        > config.yaml:1: limits: found a single value; expected the keys connections, connectionsPerAddress,
        >+ handshakeTimeout, headTimeout, bodyTimeout, idleTimeout

        | hysteria: {path: /etc/hysteria/config.yaml}
        | @minimal
        > config.yaml:1: hysteria: found keys and values; expected the path of Hysteria's own configuration; write it
        >+ without a key

        | hysteria: true
        | @minimal
        > config.yaml:1: hysteria: /etc/gw/true does not exist
        """#
}
