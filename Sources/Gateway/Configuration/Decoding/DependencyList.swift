/// Collects the paths that a configuration depends on while it is read.
final class DependencyList {
    /// Absolute paths, whether something lies there or not.
    private(set) var paths: Set<String> = []

    /// Notes a path.
    func add(_ path: String) {
        paths.insert(path)
    }
}
