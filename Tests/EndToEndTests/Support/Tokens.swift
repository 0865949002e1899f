import Gateway

@testable import Access

/// The tokens in the configuration of the gateways under test, made anew in each run.
enum Tokens {
    /// May do everything.
    static let all = NewToken()
    /// May read traffic and who is online.
    static let reader = NewToken()
    /// May read and kick, and knows no other user than wang.
    static let wang = NewToken()
    /// May clear besides reading traffic, and nothing else.
    static let clearer = NewToken()
    /// May read traffic, from 127.0.0.2 alone.
    static let nearby = NewToken()
    /// Would open everything, had it not expired.
    static let expired = NewToken()
    /// Is in no configuration.
    static let stranger = NewToken()

    /// All of them, as text that no log may contain.
    static let texts = [all, reader, wang, clearer, nearby, expired, stranger].map(\.text)

    /// The part of a configuration that grants them.
    static let configuration = """
        tokens:
          - name: all
            token: \(all.text)
            scopes: [traffic, online, streams, metrics, clear, kick]
          - name: reader
            hash: \(reader.digest.text)
            scopes: [traffic, online]
          - name: wang
            hash: \(wang.digest.text)
            scopes: [traffic, online, streams, kick]
            users: [wang]
          - name: clearer
            hash: \(clearer.digest.text)
            scopes: [traffic, clear]
          - name: nearby
            hash: \(nearby.digest.text)
            scopes: [traffic]
            addresses: [127.0.0.2]
          - name: expired
            hash: \(expired.digest.text)
            scopes: [traffic, online, streams, metrics, clear, kick]
            expires: 2020-01-01

        """
}
