import CLinux
import Glibc

/// Descriptors as they travel beside a message: `struct cmsghdr` and the numbers (cmsg(3)).
struct ControlMessage {
    /// Where the descriptors begin.
    private static let headerSize = CLinux_CMSG_LEN(0)

    let descriptors: [CInt]

    init(_ descriptors: [CInt]) {
        self.descriptors = descriptors
    }

    /// Reads what was received; no descriptors where something else was.
    init(bytes: some Collection<UInt8>) {
        descriptors = Array(bytes).withUnsafeBytes { bytes in
            guard bytes.count >= Self.headerSize else { return [] }
            let header = bytes.loadUnaligned(as: cmsghdr.self)
            let end = min(Int(header.cmsg_len), bytes.count)
            guard header.cmsg_level == SOL_SOCKET, header.cmsg_type == CInt(SCM_RIGHTS), end >= Self.headerSize
            else { return [] }
            return stride(from: Self.headerSize, through: end - MemoryLayout<CInt>.size, by: MemoryLayout<CInt>.size)
                .map { bytes.loadUnaligned(fromByteOffset: $0, as: CInt.self) }
        }
    }

    /// What is to be sent; nothing for no descriptors.
    var bytes: [UInt8] {
        guard !descriptors.isEmpty else { return [] }
        var header = cmsghdr()
        header.cmsg_len = CLinux_CMSG_LEN(descriptors.count * MemoryLayout<CInt>.size)
        header.cmsg_level = SOL_SOCKET
        header.cmsg_type = CInt(SCM_RIGHTS)
        var bytes = withUnsafeBytes(of: header, Array.init)
        bytes += Array(repeating: 0, count: Self.headerSize - bytes.count)
        for descriptor in descriptors { withUnsafeBytes(of: descriptor) { bytes += $0 } }
        return bytes + Array(repeating: 0, count: Self.size(of: descriptors.count) - bytes.count)
    }

    /// How much room as many descriptors take.
    static func size(of count: Int) -> Int {
        CLinux_CMSG_SPACE(count * MemoryLayout<CInt>.size)
    }
}
