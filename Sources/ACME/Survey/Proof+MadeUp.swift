extension Proof {
    /// A proof that no authority asks for, to try out whether one would be seen.
    package static func madeUp(
        for identifier: Identifier,
        _ kind: ProofKind,
        using generator: inout some RandomNumberGenerator
    ) -> Proof {
        func random() -> String {
            Base64URL.encode((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
        let token = random()
        return Proof(
            identifier: identifier.proved,
            kind: kind,
            token: token,
            keyAuthorization: KeyAuthorization.text(token: token, thumbprint: random())
        )
    }

    /// The same with the system's random numbers.
    package static func madeUp(for identifier: Identifier, _ kind: ProofKind) -> Proof {
        var generator = SystemRandomNumberGenerator()
        return madeUp(for: identifier, kind, using: &generator)
    }
}
