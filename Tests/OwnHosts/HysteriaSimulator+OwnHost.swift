import HysteriaSimulator

extension HysteriaSimulator {
    /// Shuts down, and returns when callers are refused. To be listening at a host of its own.
    package func vanish() async {
        await shutDown()
        await OwnHost.waitUntilRefused(address.host, address.port)
    }
}
