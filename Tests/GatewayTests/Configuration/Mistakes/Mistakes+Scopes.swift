extension ConfigurationMistakes {
    static let inScopes = #"""
        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: traffic
        > config.yaml:6: tokens[0].scopes: found a single value; expected a list in brackets: scopes: [traffic]

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: traffic,online
        > config.yaml:6: tokens[0].scopes: found a single value; expected a list in brackets: scopes: [traffic, online]

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: traffic, online
        > config.yaml:6: tokens[0].scopes: found a single value; expected a list in brackets: scopes: [traffic, online]

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: traffic online
        > config.yaml:6: tokens[0].scopes: found a single value; expected a list in brackets: scopes: [traffic, online]

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: "[traffic, online]"
        > config.yaml:6: tokens[0].scopes: found a single value; expected a list in brackets: scopes: [traffic, online]

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: {traffic: true}
        > config.yaml:6: tokens[0].scopes: found keys and values; expected a list of scopes, such as [traffic, online]

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [all]
        > config.yaml:6: tokens[0].scopes[0]: there is no scope that includes all; expected some of [traffic,
        >+ online, streams, metrics, usage, clear, kick, subscription]

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: ["*"]
        > config.yaml:6: tokens[0].scopes[0]: there is no scope that includes all; expected some of [traffic,
        >+ online, streams, metrics, usage, clear, kick, subscription]

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [Traffic]
        > config.yaml:6: tokens[0].scopes[0]: 'Traffic' is no scope; did you mean 'traffic'?

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic,onlin]
        > config.yaml:6: tokens[0].scopes[1]: 'onlin' is no scope; did you mean 'online'?

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: ["traffic,online"]
        > config.yaml:6: tokens[0].scopes[0]: found 'traffic,online' as one scope; expected [traffic, online], without
        >+ quotes

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: []
        > config.yaml:6: tokens[0].scopes: found an empty list; expected at least one of the scopes

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes:
        > config.yaml:6: tokens[0].scopes: found nothing; expected a list of scopes, such as [traffic, online]

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [read]
        > config.yaml:6: tokens[0].scopes[0]: 'read' is no scope; expected one of traffic, online, streams, metrics,
        >+ usage, clear, kick, subscription

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [traffic, traffic]
        > config.yaml:6: tokens[0].scopes[1]: 'traffic' is given more than once; expected each scope once

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: [clear]
        > config.yaml:6: tokens[0].scopes: 'clear' without 'traffic' opens nothing; expected both, or neither

        | @upstream
        | @certificates
        | tokens:
        |   - name: phone
        |     hash: sha256:@digits
        |     scopes: all
        > config.yaml:6: tokens[0].scopes: found a single value; expected a list of scopes, such as [traffic, online]
        """#
}
