extension ConfigurationMistakes {
    static let inSyntax = #"""
        | listen: ":443"
        |  threads: 2
        | @minimal
        > config.yaml:2: the line begins with 1 space, which fits no line above it; expected 0, as line 1; the line is
        >+ 'threads: 2'

        | listen: ":443"
        |
        |  threads: 2
        | @minimal
        > config.yaml:3: the line begins with 1 space, which fits no line above it; expected 0, as line 1; the line is
        >+ 'threads: 2'

        | upstream:
        |   address: 127.0.0.1:9999
        |    timeout: 5s
        | @certificates
        | @tokens
        > config.yaml:3: the line begins with 3 spaces, which fits no line above it; expected 2, as line 2, or 0, as
        >+ line 1; the line is 'timeout: 5s'

        | upstream:
        |   address: 127.0.0.1:9999
        |  timeout: 5s
        | @certificates
        | @tokens
        > config.yaml:3: the line begins with 1 space, which fits no line above it; expected 2, as line 2, or 0, as
        >+ line 1; the line is 'timeout: 5s'

        | upstream:
        |   address: 127.0.0.1:9999
        |    secret: @secret
        | @certificates
        | @tokens
        > config.yaml:3: the line begins with 3 spaces, which fits no line above it; expected 2, as line 2, or 0, as
        >+ line 1

        | upstream:
        | address: 127.0.0.1:9999
        | secret: some_secret
        | @certificates
        | @tokens
        > config.yaml:1: upstream: found nothing; expected the keys address, secret, secretFile, timeout; write them
        >+ below 'upstream:', two spaces further in
        > config.yaml:2: address: this key is in the wrong place; expected it under 'upstream:', two spaces further in
        >+ or in an entry of 'listen'
        > config.yaml:3: secret: this key is in the wrong place; expected it under 'upstream:', two spaces further in

        | threads 2
        | @minimal
        > config.yaml:1: no colon behind 'threads'; expected 'threads: …'; the line is 'threads 2'

        | @minimal
        | threads 2
        > config.yaml:4: no colon behind 'threads'; expected 'threads: …'; the line is 'threads 2'

        | threads = 2
        | @minimal
        > config.yaml:1: no colon behind 'threads'; expected 'threads: …'; the line is 'threads = 2'

        | threads:2
        | @minimal
        > config.yaml:1: no space behind 'threads:'; expected 'threads: …'; the line is 'threads:2'

        | @minimal
        | threads:2
        > config.yaml:4: no space behind 'threads:'; expected 'threads: …'; the line is 'threads:2'

        | threads 2
        > config.yaml:1: no colon behind 'threads'; expected 'threads: …'; the line is 'threads 2'

        | threads:2
        > config.yaml:1: no space behind 'threads:'; expected 'threads: …'; the line is 'threads:2'

        | threads=2
        > config.yaml:1: no colon behind 'threads'; expected 'threads: …'; the line is 'threads=2'

        | upstream:
        |   address: 127.0.0.1:9999
        |   secret @secret
        | @certificates
        | @tokens
        > config.yaml:3: no colon behind 'secret'; expected 'secret: …'

        | upstream:
        |   address: 127.0.0.1:9999
        |   secret:@secret
        | @certificates
        | @tokens
        > config.yaml:3: no space behind 'secret:'; expected 'secret: …'

        | upstream: {address: 127.0.0.1:9999, secret:@secret}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.secret: no space behind the colon; expected 'secret: …'

        | upstream: {address: 127.0.0.1:9999, secret=@secret}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.secret: no colon behind 'secret'; expected 'secret: …'

        | upstream: {address: 127.0.0.1:9999, secret @secret}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.secret: no colon behind 'secret'; expected 'secret: …'

        | upstream:
        | 	address: 127.0.0.1:9999
        | @certificates
        | @tokens
        > config.yaml:2: a tab before the first word; expected spaces; the line is 'address: 127.0.0.1:9999'

        | upstream:
        |   address: 127.0.0.1:9999
        | 	secret: @secret
        | @certificates
        | @tokens
        > config.yaml:3: a tab before the first word; expected spaces

        | listen: ":443
        | threads: 2
        | @minimal
        > config.yaml:1: a quote that is not closed; expected the same quote behind the value; the line is 'listen:
        >+ ":443'

        | listen: ":443
        | hysteria: "/etc/hysteria/config.yaml"
        | @minimal
        > config.yaml:1: a quote that is not closed; expected the same quote behind the value; the line is 'listen:
        >+ ":443'

        | listen: ':443
        | threads: 2
        | @minimal
        > config.yaml:1: a quote that is not closed; expected the same quote behind the value; the line is 'listen:
        >+ ':443'

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     token: "@token
        |     scopes: [traffic]
        > config.yaml:5: a quote that is not closed; expected the same quote behind the value

        | listen: “:443”
        | @minimal
        > config.yaml:1: listen: found '“:443”'; expected ":443"; U+201C is a typographic quote: write an ordinary '"'

        | listen: ‘:443’
        | threads: 2
        | @minimal
        > config.yaml:1: listen: found '‘:443’'; expected ":443"; U+2018 is a typographic quote: write an ordinary '"'

        | listen：":443"
        | @minimal
        > config.yaml:1: U+FF1A, a full-width ':', outside of quotes; expected an ordinary ':'; the line is
        >+ 'listen：":443"'

        | threads： 2
        | @minimal
        > config.yaml:1: U+FF1A, a full-width ':', outside of quotes; expected an ordinary ':'; the line is 'threads： 2'

        | threads： 2
        > config.yaml:1: U+FF1A, a full-width ':', outside of quotes; expected an ordinary ':'; the line is 'threads： 2'

        | listen: "：443"
        | @minimal
        > config.yaml:1: listen: found '：443'; expected ":443"; U+FF1A is a full-width ':': write an ordinary ':'

        | listen: 443，8443
        | @minimal
        > config.yaml:1: listen: found '443，8443'; expected a list: [":443", ":8443"]; U+FF0C is a full-width ',':
        >+ write an ordinary ','

        | threads: 2\#u{A0}
        | @minimal
        > config.yaml:1: threads: found '2<U+00A0>'; expected a whole number from 1 to 1024; U+00A0 is a no-break
        >+ space: write an ordinary space

        | threads:\#u{A0}2
        | @minimal
        > config.yaml:1: U+00A0, a no-break space, outside of quotes; expected an ordinary space; the line is
        >+ 'threads:<U+00A0>2'

        | \#u{A0}\#u{A0}threads: 2
        | @minimal
        > config.yaml:1: '<U+00A0><U+00A0>threads': unknown key with U+00A0, a no-break space; did you mean 'threads'?

        | upstream:
        | \#u{A0}\#u{A0}address: 127.0.0.1:9999
        |   secret: @secret
        | @certificates
        | @tokens
        > config.yaml:2: U+00A0, a no-break space, outside of quotes; expected an ordinary space

        | upstream:
        |   address: 127.0.0.1:9999
        | \#u{A0}\#u{A0}secret: @secret
        | @certificates
        | @tokens
        > config.yaml:3: '<U+00A0><U+00A0>secret': unknown key with U+00A0, a no-break space; U+00A0 is a no-break
        >+ space: write an ordinary space

        | thr\#u{200B}eads: 2
        | @minimal
        > config.yaml:1: 'thr<U+200B>eads': unknown key with U+200B, a zero-width space; did you mean 'threads'?

        | threads: \#u{FEFF}2
        | @minimal
        > config.yaml:1: threads: found '<U+FEFF>2'; expected a whole number from 1 to 1024; U+FEFF is a byte order
        >+ mark: delete it

        | threads: 2
        | \#u{FEFF}@minimal
        > config.yaml:2: U+FEFF, a byte order mark, outside of quotes; expected nothing in its place

        | threads: \#u{200E}2
        | @minimal
        > config.yaml:1: threads: found '<U+200E>2'; expected a whole number from 1 to 1024; U+200E is a direction
        >+ mark: delete it

        | threads: ２
        | @minimal
        > config.yaml:1: threads: found '２'; expected a whole number from 1 to 1024; U+FF12 is a full-width '2': write
        >+ an ordinary '2'

        | threads: —2
        | @minimal
        > config.yaml:1: threads: found '—2'; expected a whole number from 1 to 1024; U+2014 is a typographic dash:
        >+ write an ordinary '-'

        | @upstream
        | @certificates
        | tokens:
        |   - name: “phone”
        |     hash: sha256:@digits
        |     scopes: 【traffic】
        > config.yaml:4: tokens[0].name: found '“phone”'; expected a name for the logs, such as phone: at most 64
        >+ letters, digits and -_.@; U+201C is a typographic quote: write an ordinary '"'
        > config.yaml:6: tokens[0].scopes: found a single value; expected a list of scopes, such as [traffic, online];
        >+ U+3010 is a full-width bracket: write an ordinary '['

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: “sha256:@digits”
        |     scopes: [traffic，online]
        > config.yaml:5: tokens[0].hash: found a text of 73 characters that does not begin with sha256:; expected
        >+ sha256: and 64 hexadecimal digits, as 'hysteria-gateway token NAME' prints them; U+201C is a typographic
        >+ quote: write an ordinary '"'
        > config.yaml:6: tokens[0].scopes[0]: 'traffic，online' is no scope; expected one of traffic, online, streams,
        >+ metrics, usage, clear, kick, subscription; U+FF0C is a full-width ',': write an ordinary ','

        | listen: [::1]:443
        | @minimal
        > config.yaml:1: an address that begins with a bracket, which begins a list in YAML; expected it in quotes:
        >+ "[::1]:443"; the line is 'listen: [::1]:443'

        | listen:
        |   - [::1]:443
        | @minimal
        > config.yaml:2: an address that begins with a bracket, which begins a list in YAML; expected it in quotes:
        >+ "[::1]:443"

        | listen: *:443
        | @minimal
        > config.yaml:1: a value that begins with '*'; expected it in quotes; the line is 'listen: *:443'

        | listen: @443
        | @minimal
        > config.yaml:1: a value that begins with '@'; expected it in quotes; the line is 'listen: @443'

        | listen: [":443", ":8443"
        | @minimal
        > config.yaml:1: a '[' that is not closed, or a comma that is missing behind it; expected commas between the
        >+ entries and ']' behind the last one; the line is 'listen: [":443", ":8443"'

        | limits: {connections: 100
        | @minimal
        > config.yaml:1: a '{' that is not closed, or a comma that is missing behind it; expected commas between the
        >+ entries and '}' behind the last one; the line is 'limits: {connections: 100'

        | limits: {connections: 100 idleTimeout: 60s}
        | @minimal
        > config.yaml:1: a '{' that is not closed, or a comma that is missing behind it; expected commas between the
        >+ entries and '}' behind the last one; the line is 'limits: {connections: 100 idleTimeout: 60s}'

        | certificates: [{certificate: "C:\certs\full.pem", key: k}]
        | @upstream
        | @tokens
        > config.yaml:1: a backslash between double quotes; expected single quotes around the value, or two
        >+ backslashes; the line is 'certificates: [{certificate: "C:\certs\full.pem"…'

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |   hash: sha256:@digits
        |     scopes: [traffic]
        > config.yaml:5: a key on the level of the list before it; expected two more spaces, if it belongs to the entry
        >+ above, or fewer, if it does not

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |   scopes: [traffic]
        > config.yaml:6: a key on the level of the list before it; expected two more spaces, if it belongs to the entry
        >+ above, or fewer, if it does not; the line is 'scopes: [traffic]'

        | @upstream
        | @certificates
        | tokens:
        |   -name: phone
        |    hash: sha256:@digits
        |    scopes: [traffic]
        > config.yaml:4: no space behind the dash; expected '- name: …'

        | @upstream
        | @certificates
        | tokens:
        |   -name: phone
        > config.yaml:3: tokens: found keys and values; expected a list of tokens; write '- ' before the first key of
        >+ each

        | @upstream
        | @certificates
        | tokens: - name: phone
        |     hash: sha256:@digits
        > config.yaml:3: a list that begins on the line of its key; expected its first '- ' on the next line

        | @upstream
        | @certificates
        | tokens:
        |   name: phone
        |   hash: sha256:@digits
        |   scopes: [traffic]
        > config.yaml:3: tokens: found keys and values; expected a list of tokens; write '- ' before the first key of
        >+ each

        | @upstream
        | @certificates
        | tokens:
        |   phone:
        |     hash: sha256:@digits
        |     scopes: [traffic]
        > config.yaml:3: tokens: found keys and values; expected a list of tokens; write '- ' before the first key of
        >+ each

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256: @digits
        |     scopes: [traffic]
        > config.yaml:5: a second colon with a blank behind it; expected the value in quotes, or a line for each key

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic]
        |    users: [wang]
        > config.yaml:7: the line begins with 3 spaces, which fits no line above it; expected 4, as line 6, or 2, as
        >+ line 4, or 0, as line 3; the line is 'users: [wang]'

        | listen: ":443" ssl
        | @minimal
        > config.yaml:1: text behind the closing quote; expected all of the value between one pair of quotes; the line
        >+ is 'listen: ":443" ssl'

        | threads: 2;
        | @minimal
        > config.yaml:1: threads: found '2;'; expected 2

        | threads: 2,
        | @minimal
        > config.yaml:1: threads: found '2,'; expected 2

        | {"threads": 2,
        | @minimal
        > config.yaml:1: a '{' that is not closed, or a comma that is missing behind it; expected commas between the
        >+ entries and '}' behind the last one

        | threads: 2
        | }
        | @minimal
        > config.yaml:2: a '}' that nothing opens; expected no such brackets

        | [http]
        | listen = 443
        > config.yaml:2: no colon behind 'listen'; expected 'listen: …'; the line is 'listen = 443'

        | server {
        |   listen 443 ssl;
        | }
        > config.yaml:1: no colon behind 'server'; expected 'server: …'; the line is 'server {'

        | my.site.com {
        |   reverse_proxy localhost:9999
        | }
        > config.yaml:1: found a single value; expected the keys listen, redirect, threads, hysteria, upstream,
        >+ acme, certificates, tls, clientCertificates, ledger, quotas, tokens, limits, metrics, cors,
        >+ accessLog, log, logLevel

        | upstream:
        |   address: 127.0.0.1:9999
        |   secret: @@secret
        | @certificates
        | @tokens
        > config.yaml:3: a value that begins with '@'; expected it in quotes

        | upstream:
        |   address: 127.0.0.1:9999
        |   secret: *@secret
        | @certificates
        | @tokens
        > config.yaml:3: a value that begins with '*'; expected it in quotes

        | upstream:
        |   address: 127.0.0.1:9999
        |   secret: &@secret
        | @certificates
        | @tokens
        > config.yaml:3: upstream.secret: an anchor or alias; expected the value written out, in quotes if it begins
        >+ with '&' or '*'

        | upstream:
        |   address: 127.0.0.1:9999
        |   secret: !@secret
        | @certificates
        | @tokens
        > config.yaml:3: upstream.secret: a value that begins with '!'; expected it in quotes

        | upstream:
        |   address: 127.0.0.1:9999
        |   secret: %@secret
        | @certificates
        | @tokens
        > config.yaml:3: a value that begins with '%'; expected it in quotes

        | upstream:
        |   address: 127.0.0.1:9999
        |   secret: #@secret
        | @certificates
        | @tokens
        > config.yaml:3: upstream.secret: found nothing; expected the secret of Hysteria's stats API; write it in
        >+ quotes if it begins with '#'

        | upstream:
        |   address: 127.0.0.1:9999
        |   secret: a: @secret
        | @certificates
        | @tokens
        > config.yaml:3: a second colon with a blank behind it; expected the value in quotes, or a line for each key

        | # only
        > config.yaml: the file has nothing but comments; expected at least 'tokens' and 'hysteria' or 'upstream'

        | threads: 2
        | ---
        | threads: 3
        > config.yaml:2: a second document begins; expected one document

        | -----BEGIN CERTIFICATE-----
        | AAAA
        > config.yaml:1: the file is PEM, a certificate or a key; expected the configuration, in YAML
        """#
}
