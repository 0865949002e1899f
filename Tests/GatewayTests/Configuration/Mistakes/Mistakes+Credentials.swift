extension ConfigurationMistakes {
    static let inCredentials = #"""
        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: @token
        |     scopes: [traffic]
        > config.yaml:5: tokens[0].hash: found the token itself where its hash belongs; expected 'token:' in place of
        >+ 'hash:', or sha256: and the digits that `printf %s TOKEN | sha256sum` prints

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: @digits
        |     scopes: [traffic]
        > config.yaml:5: tokens[0].hash: found 64 hexadecimal digits alone; expected sha256: before them, without a
        >+ blank between

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: SHA256:@digits
        |     scopes: [traffic]
        > config.yaml:5: tokens[0].hash: found another spelling of sha256:; expected sha256: in small letters and
        >+ without a dash, before the 64 digits

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:abc
        |     scopes: [traffic]
        > config.yaml:5: tokens[0].hash: found sha256: and 3 characters that are not 64 such digits; expected sha256:
        >+ and 64 hexadecimal digits, as 'hysteria-gateway token NAME' prints them

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:…
        |     scopes: [traffic]
        > config.yaml:5: tokens[0].hash: found an example that stands for a hash; expected the line that
        >+ 'hysteria-gateway token NAME' prints

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: $2y$05$abcdefghijklmnopqrstuv
        |     scopes: [traffic]
        > config.yaml:5: tokens[0].hash: found a hash for passwords, as htpasswd writes it; expected sha256: and 64
        >+ hexadecimal digits, as 'hysteria-gateway token NAME' prints them

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: md5:abc
        |     scopes: [traffic]
        > config.yaml:5: tokens[0].hash: found a text of 7 characters that does not begin with sha256:; expected
        >+ sha256: and 64 hexadecimal digits, as 'hysteria-gateway token NAME' prints them

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: @secret
        |     scopes: [traffic]
        > config.yaml:5: tokens[0].hash: found a text of 11 characters that does not begin with sha256:; expected
        >+ sha256: and 64 hexadecimal digits, as 'hysteria-gateway token NAME' prints them

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: [@token]
        |     scopes: [traffic]
        > config.yaml:5: tokens[0].hash: found a list; expected sha256: and 64 hexadecimal digits, as 'hysteria-gateway
        >+ token NAME' prints them; write it without brackets or a dash

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash:
        |     scopes: [traffic]
        > config.yaml:5: tokens[0].hash: found nothing; expected sha256: and 64 hexadecimal digits, as
        >+ 'hysteria-gateway token NAME' prints them

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     token: sha256:@digits
        |     scopes: [traffic]
        > config.yaml:5: tokens[0].token: found the hash of a token where the token belongs; expected 'hash:' in place
        >+ of 'token:'

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     token: short
        |     scopes: [traffic]
        > config.yaml:5: tokens[0].token: found a token of 5 characters; expected a token of 16 to 512 visible ASCII
        >+ characters

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     token: Bearer @token
        |     scopes: [traffic]
        > config.yaml:5: tokens[0].token: found a token with 'Bearer' before it; expected the token alone

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     tokenFile: @token
        |     scopes: [traffic]
        > config.yaml:5: tokens[0].tokenFile: found a text of 46 characters that is no path; expected the path of a
        >+ file; the token itself belongs behind 'token:'

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     tokenFile: @secret
        |     scopes: [traffic]
        > config.yaml:5: tokens[0].tokenFile: there is no such file in /etc/gw; expected the path of a file with the
        >+ token; the token itself belongs behind 'token:'

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     token: [@token]
        |     scopes: [traffic]
        > config.yaml:5: tokens[0].token: found a list; expected a token of 16 to 512 visible ASCII characters; write
        >+ it without brackets or a dash

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     tokenFile: /run/none
        |     scopes: [traffic]
        > config.yaml:5: tokens[0].tokenFile: /run/none does not exist

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     token: @token
        |     scopes: [traffic]
        > config.yaml:4: tokens[0]: found hash and token; expected one of hash, token and tokenFile

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |
        |     scopes: [traffic]
        > config.yaml:4: tokens[0]: found neither hash nor token nor tokenFile; expected one of them; 'hysteria-gateway
        >+ token NAME' makes a token and prints its hash

        | @upstream
        | @certificates
        | tokens:
        |   - name: @token
        |     hash: sha256:@digits
        |     scopes: [traffic]
        > config.yaml:4: tokens[0].name: found a text of 46 characters; expected a name for the logs, such as phone: at
        >+ most 64 letters, digits and -_.@

        | @upstream
        | @certificates
        | tokens:
        |   - name: my phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        > config.yaml:4: tokens[0].name: found 'my phone'; expected a name for the logs, such as phone: at most 64
        >+ letters, digits and -_.@

        | @upstream
        | @certificates
        | tokens:
        |   - name: a
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |   - name: a
        |     hash: sha256:1123456789abcdef1123456789abcdef1123456789abcdef1123456789abcdef
        |     scopes: [traffic]
        > config.yaml:7: tokens[1].name: the name 'a' is given more than once; expected a name of its own; line 4 has
        >+ it too

        | @upstream
        | @certificates
        | tokens:
        |   - phone
        > config.yaml:4: tokens[0]: found a single value; expected the keys name, hash, token, tokenFile, scopes,
        >+ users, expires, addresses, view

        | @upstream
        | @certificates
        | tokens:
        |   - {name: a, hash: sha256:@digits, scopes: [traffic]}
        |   - {name: b, hash: sha256:@digits, scopes: [traffic]}
        > config.yaml:5: tokens[1]: the token is the same as that of 'a'; expected a token of its own

        | upstream: {address: 127.0.0.1:9999, secret: [@secret]}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.secret: found a list; expected the secret of Hysteria's stats API; write it without
        >+ brackets or a dash

        | upstream: {address: 127.0.0.1:9999, secret: "@secret "}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.secret: the secret begins or ends with whitespace, which an HTTP header cannot carry;
        >+ expected the secret of Hysteria's stats API (trafficStats.secret)

        | upstream: {address: 127.0.0.1:9999, secretFile: @secret}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.secretFile: there is no such file in /etc/gw; expected the path of a file with the
        >+ secret; the secret itself belongs behind 'secret:'

        | upstream: {address: 127.0.0.1:9999, secret: s, secretFile: secret}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.secretFile: found secret and secretFile; expected one of them

        | upstream: {address: 127.0.0.1:9999, secret: "@secret\#u{A0}"}
        | @certificates
        | @tokens
        ? config.yaml:1: upstream.secret: the secret has a character that is invisible, U+00A0; make sure that
        ?+ Hysteria's has it, too

        | upstream: {address: 127.0.0.1:9999, secretFile: ~/secret}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.secretFile: found a path that begins with '~': '~' means a home directory to a shell
        >+ only; expected the path from '/' on
        """#
}
