import HysteriaStats

/// What the gateway takes from Hysteria's own configuration.
struct HysteriaFacts {
    /// The file, absolute.
    let path: String
    /// Where the stats API listens; nil where it is off.
    let address: StatsAddress?
    /// The secret of the stats API; nil where it has none.
    let secret: Secret?
    /// Where Hysteria's certificate may lie, the likeliest place first.
    let certificates: [CertificateFiles]
}
