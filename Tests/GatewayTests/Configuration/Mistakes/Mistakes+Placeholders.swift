extension ConfigurationMistakes {
    static let inPlaceholders = #"""
        | upstream: {address: 127.0.0.1:9999, secret: "${SECRET}"}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.secret: found a placeholder, which nothing replaces here; expected the secret itself,
        >+ or 'secretFile: PATH' with a file that holds it

        | upstream: {address: 127.0.0.1:9999, secret: $HYSTERIA_SECRET}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.secret: found a placeholder, which nothing replaces here; expected the secret itself,
        >+ or 'secretFile: PATH' with a file that holds it

        | upstream: {address: "${HOST}:9999", secret: s}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.address: found a placeholder, which nothing replaces here; expected the value itself

        | upstream: {address: 127.0.0.1:9999, secret: "{{ secret }}"}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.secret: found a placeholder, which nothing replaces here; expected the secret itself,
        >+ or 'secretFile: PATH' with a file that holds it

        | upstream: {address: 127.0.0.1:9999, secretFile: "${CREDENTIALS_DIRECTORY}/secret"}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.secretFile: found a placeholder, which nothing replaces here; expected the value
        >+ itself

        | upstream: {address: 127.0.0.1:9999, secret: "{$SECRET}"}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.secret: found a placeholder, which nothing replaces here; expected the secret itself,
        >+ or 'secretFile: PATH' with a file that holds it

        | upstream: {address: 127.0.0.1:9999, secret: "{env.SECRET}"}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.secret: found a placeholder, which nothing replaces here; expected the secret itself,
        >+ or 'secretFile: PATH' with a file that holds it

        | upstream: {address: 127.0.0.1:9999, secret: "<secret>"}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.secret: found a placeholder, which nothing replaces here; expected the secret itself,
        >+ or 'secretFile: PATH' with a file that holds it

        | upstream: {address: 127.0.0.1:9999, secret: "%SECRET%"}
        | @certificates
        | @tokens
        > config.yaml:1: upstream.secret: found a placeholder, which nothing replaces here; expected the secret itself,
        >+ or 'secretFile: PATH' with a file that holds it

        | upstream:
        |   address: 127.0.0.1:9999
        |   secret: {{ secret }}
        | @certificates
        | @tokens
        > config.yaml:3: upstream.secret: found a placeholder, which nothing replaces here; expected the secret itself,
        >+ or 'secretFile: PATH' with a file that holds it

        | upstream:
        |   address: 127.0.0.1:9999
        |   secret: {{ env "SECRET" }}
        | @certificates
        | @tokens
        > config.yaml:3: upstream.secret: found a placeholder, which nothing replaces here; expected the secret itself,
        >+ or 'secretFile: PATH' with a file that holds it

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     token: ${TOKEN}
        |     scopes: [traffic]
        > config.yaml:5: tokens[0].token: found a placeholder, which nothing replaces here; expected the token itself,
        >+ or 'tokenFile: PATH' with a file that holds it

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: ${TOKEN_HASH}
        |     scopes: [traffic]
        > config.yaml:5: tokens[0].hash: found a placeholder, which nothing replaces here; expected the hash itself, or
        >+ 'tokenFile: PATH' with a file that holds the token

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     tokenFile: ${TOKEN_FILE}
        |     scopes: [traffic]
        > config.yaml:5: tokens[0].tokenFile: found a placeholder, which nothing replaces here; expected the value
        >+ itself

        | listen: ":${PORT}"
        | @minimal
        > config.yaml:1: listen: found a placeholder, which nothing replaces here; expected the value itself

        | tokens: ${TOKENS}
        | @upstream
        | @certificates
        > config.yaml:1: tokens: found a placeholder, which nothing replaces here; expected the value itself
        """#
}
