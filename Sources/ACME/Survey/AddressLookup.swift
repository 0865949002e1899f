import Glibc
import NIOCore

/// Asks which addresses a name has, of both families: this machine's resolver, or a test's.
package struct AddressLookup: Sendable {
    package enum Answer: Hashable, Sendable {
        case addresses([HostAddress])
        /// There is no such name, or it has no address.
        case nothing
        /// There was no answer, and why.
        case unknown(String)
    }

    package let addresses: @Sendable (_ name: String) async -> Answer

    package init(_ addresses: @escaping @Sendable (_ name: String) async -> Answer) {
        self.addresses = addresses
    }

    /// The resolver of this machine, which has some time for its answer.
    package static func system(within limit: TimeAmount = .seconds(5)) -> AddressLookup {
        AddressLookup { name in
            let answer = await TimeLimitedAnswer.of(within: limit) { ask(name) }
            return answer ?? .unknown("DNS did not answer within \(limit.nanoseconds / 1_000_000_000) s")
        }
    }

    private static func ask(_ name: String) -> Answer {
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        // All that DNS has, also addresses of a family that this machine has none of: without AI_ADDRCONFIG.
        hints.ai_flags = 0
        var first: UnsafeMutablePointer<addrinfo>?
        // The dot keeps a search list out of it.
        let code = getaddrinfo(name + ".", nil, &hints, &first)
        guard code == 0 else {
            switch code {
            case EAI_NONAME, noAddress, noAddressOfFamily: return .nothing
            case EAI_SYSTEM: return .unknown(String(cString: strerror(errno)))
            default: return .unknown(String(cString: gai_strerror(code)))
            }
        }
        defer { freeaddrinfo(first) }
        var found: [HostAddress] = []
        var next = first
        while let entry = next?.pointee {
            next = entry.ai_next
            guard let address = entry.ai_addr.flatMap({ HostAddress($0) }), !found.contains(address) else { continue }
            found.append(address)
        }
        return .addresses(found)
    }

    /// `EAI_NODATA` and `EAI_ADDRFAMILY` of glibc, which Swift does not import.
    private static let noAddress: CInt = -5
    private static let noAddressOfFamily: CInt = -9
}
