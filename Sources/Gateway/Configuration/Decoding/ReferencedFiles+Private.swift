extension ReferencedFiles {
    /// Notes a file that others can read or that the group can write, and names the command that ends it.
    ///
    /// Other than a secret in the wrong place, which is the operator's risk to take, such a file would be refused.
    func checkPrivate(_ path: String, holding what: String, for value: YAMLValue) -> Bool {
        guard let file = PathWalk(to: path, in: environment.files).file, file.status.permissions & 0o027 != 0 else {
            return true
        }
        value.fail(
            "\(path) holds \(what) and is open to other users (\(file.status.listing))",
            advice: "run: chmod 600 \(ShellText.quote(path))"
        )
        return false
    }
}
