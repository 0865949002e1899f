import Glibc

/// The names of users and groups, by their numbers.
package enum SystemNames {
    /// The name of a user, or the number where there is no name.
    package static func user(_ id: uid_t) -> String {
        var record = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16 * 1024)
        // The name lies in the buffer: it is copied while the buffer is sure to stay where it is.
        return buffer.withUnsafeMutableBufferPointer { bytes in
            guard let base = bytes.baseAddress, getpwuid_r(id, &record, base, bytes.count, &found) == 0,
                found != nil, let name = record.pw_name
            else { return String(id) }
            return String(cString: name)
        }
    }

    /// The name of a group, or the number where there is no name.
    package static func group(_ id: gid_t) -> String {
        var record = Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        var buffer = [CChar](repeating: 0, count: 16 * 1024)
        return buffer.withUnsafeMutableBufferPointer { bytes in
            guard let base = bytes.baseAddress, getgrgid_r(id, &record, base, bytes.count, &found) == 0,
                found != nil, let name = record.gr_name
            else { return String(id) }
            return String(cString: name)
        }
    }

    /// The groups of this process, the effective one first.
    static func ownGroups() -> [String] {
        var ids = [gid_t](repeating: 0, count: Int(max(getgroups(0, nil), 0)))
        let count = Int(max(getgroups(CInt(ids.count), &ids), 0))
        return ([getegid()] + ids.prefix(count).filter { $0 != getegid() }).map(group)
    }
}
