/// An open connection, to those who have to end it.
package protocol Connection: AnyObject {
    /// Finishes in-flight requests, and those that begin within a moment, then closes. Called once.
    func drain()

    /// Closes without waiting for anything.
    func closeNow()
}
