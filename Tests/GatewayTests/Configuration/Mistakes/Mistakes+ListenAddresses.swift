extension ConfigurationMistakes {
    static let inListenAddresses = #"""
        | listen: localhost:8443
        | @minimal
        > config.yaml:1: listen: found 'localhost:8443'; expected "127.0.0.1:8443" for IPv4, "[::1]:8443" for IPv6, or
        >+ a list of both

        | listen: localhost
        | @minimal
        > config.yaml:1: listen: found 'localhost'; expected "127.0.0.1:443", with the port to listen on

        | listen: 443 ssl
        | @minimal
        > config.yaml:1: listen: found '443 ssl'; expected ":443", without what follows it

        | listen: 443 ssl http2
        | @minimal
        > config.yaml:1: listen: found '443 ssl http2'; expected ":443", without what follows it

        | listen: "[::]:443 ssl"
        | @minimal
        > config.yaml:1: listen: found '[::]:443 ssl'; expected "[::]:443", without what follows it

        | listen: https://my.site.com
        | @minimal
        > config.yaml:1: listen: found 'https://my.site.com'; expected ":443", without 'https://', with the port to
        >+ listen on

        | listen: http://0.0.0.0:8080/
        | @minimal
        > config.yaml:1: listen: found 'http://0.0.0.0:8080/'; expected "0.0.0.0:8080", without 'http://'

        | listen: my.site.com:443
        | @minimal
        > config.yaml:1: listen: found 'my.site.com:443'; expected an IP address of this machine, or ":443" for all of
        >+ them; host names belong in the certificates

        | listen: my.site.com
        | @minimal
        > config.yaml:1: listen: found 'my.site.com'; expected ":443", with the port to listen on

        | listen: "*:443"
        | @minimal
        > config.yaml:1: listen: found '*:443'; expected ":443" for all addresses of this machine

        | listen: ::1:443
        | @minimal
        > config.yaml:1: listen: found '::1:443'; expected "[::1]:443"

        | listen: "::"
        | @minimal
        > config.yaml:1: listen: found '::'; expected "[::]:443", with the port to listen on

        | listen: "[::1]"
        | @minimal
        > config.yaml:1: listen: found '[::1]'; expected "[::1]:443", with the port to listen on

        | listen: 0.0.0.0
        | @minimal
        > config.yaml:1: listen: found '0.0.0.0'; expected "0.0.0.0:443", with the port to listen on

        | listen: 443, 8443
        | @minimal
        > config.yaml:1: listen: found '443, 8443'; expected a list: [":443", ":8443"]

        | listen: ":443,:8443"
        | @minimal
        > config.yaml:1: listen: found ':443,:8443'; expected a list: [":443", ":8443"]

        | listen: 127.0.0.1:99999
        | @minimal
        > config.yaml:1: listen: found '127.0.0.1:99999'; expected a port from 0 to 65535 behind the last colon

        | listen: 127.0.0.1:-1
        | @minimal
        > config.yaml:1: listen: found '127.0.0.1:-1'; expected a port from 0 to 65535 behind the last colon

        | listen: :443/tcp
        | @minimal
        > config.yaml:1: listen: found ':443/tcp'; expected ":443", without '/tcp'

        | listen: tcp://:443
        | @minimal
        > config.yaml:1: listen: found 'tcp://:443'; expected ":443", without 'tcp://'

        | listen: 0.0.0.0:443-445
        | @minimal
        > config.yaml:1: listen: found '0.0.0.0:443-445'; expected a port from 0 to 65535 behind the last colon

        | listen: /run/gw.sock
        | @minimal
        > config.yaml:1: listen: found '/run/gw.sock'; expected an address and a port, without a path

        | listen: [443, 8443]
        | @minimal
        > config.yaml:1: listen[0]: found '443'; expected ":443"
        > config.yaml:1: listen[1]: found '8443'; expected ":8443"

        | listen: 256.1.1.1:443
        | @minimal
        > config.yaml:1: listen: found '256.1.1.1:443'; expected an IP address of this machine

        | redirect: 80
        | @minimal
        > config.yaml:1: redirect: found '80'; expected ":80"

        | redirect: true
        | @minimal
        > config.yaml:1: redirect: found 'true'; expected an address with a port, such as ":443" or "127.0.0.1:8443"

        | redirect: localhost:80
        | @minimal
        > config.yaml:1: redirect: found 'localhost:80'; expected "127.0.0.1:80" for IPv4, "[::1]:80" for IPv6
        """#
}
