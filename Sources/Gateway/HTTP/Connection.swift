/// An open connection, to those who have to end it.
protocol Connection: AnyObject {
    /// Finishes what is under way, accepts nothing new, then closes.
    func drain()

    /// Closes without waiting for anything.
    func closeNow()
}
