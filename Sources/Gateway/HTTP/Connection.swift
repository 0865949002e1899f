/// An open connection, to those who have to end it.
protocol Connection: AnyObject {
    /// Finishes what is under way, and what begins within a moment, then closes. Called once.
    func drain()

    /// Closes without waiting for anything.
    func closeNow()
}
