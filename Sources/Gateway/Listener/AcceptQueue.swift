import CLinux
import Glibc

/// The accept queue of a listening socket: connections of the kernel that have not been accepted yet.
///
/// Closing a listening socket resets them, although TCP has told their callers that they are connected.
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

    /// Accepts no new connections, so that the queue can be emptied: a TCP handshake that has begun can complete; a
    /// caller that begins one is not heard, and asks again in a second.
    static func close(_ descriptor: CInt) {
        var instructions = refusal
        instructions.withUnsafeMutableBufferPointer { buffer in
            var program = sock_fprog(len: UInt16(buffer.count), filter: buffer.baseAddress)
            // Where the kernel has no filters, the moment between the last look and the end is unguarded.
            setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, socklen_t(MemoryLayout<sock_fprog>.size))
        }
    }

    /// Whether the queue is empty.
    static func isEmpty(_ descriptor: CInt) -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&poll, 1, 0) <= 0
    }
}
