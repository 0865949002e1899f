/// Which identities of a set are for which names, and who comes too late.
struct TLSNameClaims {
    /// One group of identities for each context that is needed, by their indices; the first is for unknown names.
    private(set) var groups: [[Int]] = []

    /// Each name with the number of its group.
    private(set) var names: [(name: String, number: Int)] = []

    /// Claims that nothing comes of.
    private(set) var conflicts: [TLSIdentityProblem] = []

    init(_ identities: [TLSIdentity]) {
        var claimants: [[UInt8]: [Int]] = [:]
        var order: [(name: String, key: [UInt8])] = []
        for (index, identity) in identities.enumerated() {
            var own: Set<[UInt8]> = []
            for name in identity.leaf.names {
                let key = ServerNameTable.canonical(name)
                guard own.insert(key).inserted else { continue }
                let earlier = claimants[key, default: []]
                if earlier.isEmpty {
                    order.append((name, key))
                }
                let rival = earlier.first { identities[$0].leaf.keyAlgorithm == identity.leaf.keyAlgorithm }
                if let rival {
                    conflicts.append(identity.problem(.nameTaken(name, by: identities[rival].certificateSource)))
                } else {
                    claimants[key, default: []].append(index)
                }
            }
        }
        // No earlier identity can have taken a name of the first one: it is in the group of each of its names.
        let firstName = identities[0].leaf.names.first.map(ServerNameTable.canonical)
        groups = [firstName.flatMap { claimants[$0] } ?? [0]]
        for (name, key) in order {
            guard let group = claimants[key] else { continue }
            let number = groups.firstIndex(of: group) ?? groups.count
            if number == groups.count {
                groups.append(group)
            }
            names.append((name, number))
        }
    }
}
