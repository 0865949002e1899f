import NIOOpenSSL

/// What the operator decides about TLS: `tls` in the configuration, the defaults where nothing is said.
public struct TLSSettings: Sendable, Hashable {
    /// Versions, ciphers, groups, and whether tickets are given. The defaults are those of
    /// ``TLSConfiguration/intermediate(applicationProtocols:)``, the one place where they stand.
    public var negotiation: TLSConfiguration
    /// The file with the keys of session tickets that several gateways share; nil for keys of this process alone.
    public var ticketKeyFile: String?

    /// The defaults.
    public init() {
        // HTTP/1.0 is last, and has to be there: who offers it alone would find nothing to agree on (RFC 7301, 3.2).
        negotiation = .intermediate(applicationProtocols: ["h2", "http/1.1", "http/1.0"])
        ticketKeyFile = nil
    }
}

extension TLSSettings {
    /// The keys of session tickets, to be kept as long as the process lives; nil where no tickets are given.
    public func ticketKeys() throws(TLSError) -> TLSTicketKeys? {
        guard negotiation.sessionTickets else { return nil }
        if let ticketKeyFile { return try TLSTicketKeys(file: ticketKeyFile) }
        return try TLSTicketKeys()
    }
}
