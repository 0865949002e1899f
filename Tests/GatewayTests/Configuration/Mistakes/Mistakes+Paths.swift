extension ConfigurationMistakes {
    static let inPaths = #"""
        | certificates: [{certificate: ~/fullchain.pem, key: privkey.pem}]
        | @upstream
        | @tokens
        > config.yaml:1: certificates[0].certificate: found '~/fullchain.pem': '~' means a home directory to a shell
        >+ only; expected the path from '/' on, such as /root/fullchain.pem

        | certificates: [{certificate: ~gw/fullchain.pem, key: privkey.pem}]
        | @upstream
        | @tokens
        > config.yaml:1: certificates[0].certificate: found '~gw/fullchain.pem': '~' means a home directory to a shell
        >+ only; expected the path from '/' on, such as /root/fullchain.pem

        | certificates: [{certificate: ~, key: privkey.pem}]
        | @upstream
        | @tokens
        > config.yaml:1: certificates[0].certificate: found nothing; expected the path of a PEM file with the
        >+ certificate and its chain

        | certificates: [{certificate: $HOME/fullchain.pem, key: privkey.pem}]
        | @upstream
        | @tokens
        > config.yaml:1: certificates[0].certificate: found a placeholder, which nothing replaces here; expected the
        >+ path from '/' on

        | certificates: [{certificate: file:///etc/a.pem, key: privkey.pem}]
        | @upstream
        | @tokens
        > config.yaml:1: certificates[0].certificate: found 'file:///etc/a.pem'; expected '/etc/a.pem', without
        >+ 'file://'

        | certificates: [{certificate: 'C:\a.pem', key: privkey.pem}]
        | @upstream
        | @tokens
        > config.yaml:1: certificates[0].certificate: found 'C:\a.pem', a path of Windows; expected a path of this
        >+ machine, from '/' on

        | certificates:
        |   - certificate: fullchain.pem
        |     key: |
        |       -----BEGIN PRIVATE KEY-----
        |       MIIEvQIBADANBgkq/abc
        | @upstream
        | @tokens
        > config.yaml:3: certificates[0].key: found PEM text itself; expected the path of a file with that text

        | certificates: [{certificate: "fullchain.pem\#u{A0}", key: privkey.pem}]
        | @upstream
        | @tokens
        > config.yaml:1: certificates[0].certificate: found 'fullchain.pem<U+00A0>'; expected the path of a PEM file
        >+ with the certificate and its chain; U+00A0 is a no-break space: write an ordinary space

        | certificates: [{certificate: missing.pem, key: privkey.pem}]
        | @upstream
        | @tokens
        > config.yaml:1: certificates[0].certificate: /etc/gw/missing.pem does not exist

        | certificates: [{certificate: [fullchain.pem], key: privkey.pem}]
        | @upstream
        | @tokens
        > config.yaml:1: certificates[0].certificate: found a list; expected the path of a PEM file with the
        >+ certificate and its chain; write it without brackets or a dash

        | certificates: [{certificate: /tmp, key: privkey.pem}]
        | @upstream
        | @tokens
        > config.yaml:1: certificates[0].certificate: /tmp is a directory, not a file; name a file in it: /tmp/…

        | certificates: [{certificate: "", key: privkey.pem}]
        | @upstream
        | @tokens
        > config.yaml:1: certificates[0].certificate: found ''; expected the path of a PEM file with the certificate
        >+ and its chain

        | hysteria: ~/hysteria.yaml
        | @certificates
        | @tokens
        > config.yaml:1: hysteria: found '~/hysteria.yaml': '~' means a home directory to a shell only; expected the
        >+ path from '/' on, such as /root/hysteria.yaml
        """#
}
