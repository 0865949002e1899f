extension ConfigurationMistakes {
    static let inUpstreamAddress = #"""
        | upstream: {address: 9999, secret: s}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.address: found '9999'; expected "127.0.0.1:9999"

        | upstream: {address: ":9999", secret: s}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.address: found ':9999'; expected "127.0.0.1:9999"

        | upstream: {address: 127.0.0.1, secret: s}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.address: found '127.0.0.1'; expected "127.0.0.1:9999", with the port of
        >+ trafficStats.listen in Hysteria's file

        | upstream: {address: localhost, secret: s}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.address: found 'localhost'; expected "localhost:9999", with the port of
        >+ trafficStats.listen in Hysteria's file

        | upstream: {address: "::1", secret: s}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.address: found '::1'; expected "[::1]:9999", with the port of trafficStats.listen in
        >+ Hysteria's file

        | upstream: {address: "[::1]", secret: s}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.address: found '[::1]'; expected "[::1]:9999", with the port of trafficStats.listen
        >+ in Hysteria's file

        | upstream: {address: http://127.0.0.1:9999, secret: s}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.address: found 'http://127.0.0.1:9999'; expected "127.0.0.1:9999", without 'http://'

        | upstream: {address: http://127.0.0.1:9999/traffic, secret: s}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.address: found 'http://127.0.0.1:9999/traffic'; expected "127.0.0.1:9999", without
        >+ 'http://', without '/traffic'

        | upstream: {address: https://127.0.0.1, secret: s}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.address: found 'https://127.0.0.1'; expected "127.0.0.1:9999", without 'https://',
        >+ with the port of trafficStats.listen in Hysteria's file

        | upstream: {address: 127.0.0.1:9999/traffic, secret: s}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.address: found '127.0.0.1:9999/traffic'; expected "127.0.0.1:9999", without '/traffic'

        | upstream: {address: 127.0.0.1:9999/, secret: s}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.address: found '127.0.0.1:9999/'; expected "127.0.0.1:9999", without '/'

        | upstream: {address: http://user:@secret@127.0.0.1:9999, secret: s}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.address: found an address with a user and a password; expected "127.0.0.1:9999",
        >+ without 'http://', without a user

        | upstream: {address: @secret, secret: s}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.address: found a text of 11 characters; expected an address with a port

        | upstream: {address: "*:9999", secret: s}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.address: found '*:9999'; expected "127.0.0.1:9999"

        | upstream: {address: "127.0.0.1 :9999", secret: s}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.address: found '127.0.0.1 :9999'; expected "127.0.0.1:9999"

        | upstream: {address: 127.0.0.1：9999, secret: s}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.address: found '127.0.0.1：9999'; expected "127.0.0.1:9999"; U+FF1A is a full-width
        >+ ':': write an ordinary ':'

        | upstream: 127.0.0.1:9999
        | @certificates
        | @tokens
        > config.yaml:1: upstream: found a single value; expected the keys address, secret, secretFile, timeout

        | upstream: 9999
        | @certificates
        | @tokens
        > config.yaml:1: upstream: found a single value; expected the keys address, secret, secretFile, timeout

        | upstream: [{address: 127.0.0.1:9999, secret: s}]
        | @certificates
        | @tokens
        > config.yaml:1: upstream: found a list; expected the keys address, secret, secretFile, timeout; write them
        >+ without '- ' before them

        | upstream:
        | @certificates
        | @tokens
        > config.yaml:1: upstream: found nothing; expected the keys address, secret, secretFile, timeout; write them
        >+ below 'upstream:', two spaces further in

        | upstream: {host: 127.0.0.1, port: 9999, secret: s}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.host: unknown key; expected 'address'
        > config.yaml:1: upstream.port: unknown key; expected 'address'
        > config.yaml:1: upstream.address: missing; expected the address of Hysteria's stats API, such as 127.0.0.1:9999

        | upstream: {url: http://127.0.0.1:9999, secret: s}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.url: unknown key; expected 'address'
        > config.yaml:1: upstream.address: missing; expected the address of Hysteria's stats API, such as 127.0.0.1:9999

        | upstream: {address: [127.0.0.1:9999], secret: s}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.address: found a list; expected the address of Hysteria's stats API, such as
        >+ 127.0.0.1:9999; write it without brackets or a dash
        """#
}
