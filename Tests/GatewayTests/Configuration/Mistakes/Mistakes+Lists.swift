extension ConfigurationMistakes {
    static let inLists = #"""
        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     users: wang
        > config.yaml:7: tokens[0].users: found a single value; expected a list in brackets: users: [wang]

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     users: wang, farah
        > config.yaml:7: tokens[0].users: found a single value; expected a list in brackets: users: [wang, farah]

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     users: {wang: 1}
        > config.yaml:7: tokens[0].users: found keys and values; expected a list of users of Hysteria, such as [wang,
        >+ farah]

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     users: [wang, wang]
        > config.yaml:7: tokens[0].users[1]: 'wang' is given more than once; expected each user once

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     users: ["wang\#u{200B}"]
        ? config.yaml:7: tokens[0].users[0]: the name of this user has a character that is invisible, U+200B; make
        ?+ sure that Hysteria's has it, too

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     users: ["wang "]
        ? config.yaml:7: tokens[0].users[0]: the name of this user begins or ends with whitespace; make sure that
        ?+ Hysteria's does, too

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     addresses: 192.0.2.1
        > config.yaml:7: tokens[0].addresses: found a single value; expected a list in brackets: addresses: [192.0.2.1]

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |     addresses: 192.0.2.0/24,198.51.100.0/24
        > config.yaml:7: tokens[0].addresses: found a single value; expected a list in brackets: addresses:
        >+ [192.0.2.0/24, 198.51.100.0/24]

        | cors: https://panel.example
        | @minimal
        > config.yaml:1: cors: found a single value; expected a list in brackets: cors: ["https://panel.example"]

        | cors: panel.example
        | @minimal
        > config.yaml:1: cors: found a single value; expected a list of origins, such as ["https://panel.example"]

        | cors: [panel.example]
        | @minimal
        > config.yaml:1: cors[0]: found 'panel.example'; expected the origin of a site, such as https://panel.example
        >+ or http://localhost:3000

        | tls: {ciphers: ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256}
        | @minimal
        > config.yaml:1: tls.ciphers: found a single value; expected a list in brackets: ciphers:
        >+ [ECDHE-ECDSA-AES128-GCM-SHA256, ECDHE-RSA-AES128-GCM-SHA256]

        | tls: {groups: X25519}
        | @minimal
        > config.yaml:1: tls.groups: found a single value; expected a list in brackets: groups: [X25519]

        | tls: {minimumVersion: TLSv1.2}
        | @minimal
        > config.yaml:1: tls.minimumVersion: 'TLSv1.2' is no version of TLS that is served; did you mean '1.2'?

        | tls: {minimumVersion: 1.1}
        | @minimal
        > config.yaml:1: tls.minimumVersion: '1.1' is no version of TLS that is served; did you mean '1.2'?

        | listen: {":443": true}
        | @minimal
        > config.yaml:1: listen.':443': unknown key; expected one of address, clientCertificates
        > config.yaml:1: listen.address: missing; expected an address with a port, such as ":443" or "127.0.0.1:8443"
        """#
}
