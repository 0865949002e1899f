import CLinux
import Glibc

/// The connections that the kernel has taken for a listening socket, and that nobody has accepted yet.
///
/// Closing a listening socket resets them, although their callers have been told that they are connected.
enum AcceptQueue {
    /// Drops segments that ask for a new connection, and lets the others of a handshake pass.
    private static let refusal = [
        // Load the byte of the TCP header that has the flags.
        sock_filter(code: UInt16(BPF_LD | BPF_B | BPF_ABS), jt: 0, jf: 0, k: 13),
        // SYN?
        sock_filter(code: UInt16(BPF_JMP | BPF_JSET | BPF_K), jt: 0, jf: 1, k: 0x02),
        // Drop.
        sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: 0),
        // Pass.
        sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: .max),
    ]

    /// Lets nobody in any more, so that the queue can be emptied: who has begun a handshake completes it; who begins one
    /// is not heard, and asks again in a second.
    static func close(_ descriptor: CInt) {
        var instructions = refusal
        instructions.withUnsafeMutableBufferPointer { buffer in
            var program = sock_fprog(len: UInt16(buffer.count), filter: buffer.baseAddress)
            // Where the kernel has no filters, the moment between the last look and the end is unguarded.
            setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, socklen_t(MemoryLayout<sock_fprog>.size))
        }
    }

    /// Whether nobody waits to be accepted.
    static func isEmpty(_ descriptor: CInt) -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&poll, 1, 0) <= 0
    }
}
