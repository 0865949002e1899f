import Glibc

/// The connections that the kernel has taken for a listening socket, and that nobody has accepted yet.
///
/// Closing a listening socket resets them, although their callers have been told that they are connected.
enum AcceptQueue {
    /// `struct sock_filter` of `linux/filter.h`: an instruction of a filter.
    private struct Instruction {
        var code: UInt16
        var jumpIfTrue: UInt8 = 0
        var jumpIfFalse: UInt8 = 0
        var operand: UInt32
    }

    /// `struct sock_fprog`: a filter.
    private struct Program {
        var count: UInt16
        var instructions: UnsafeMutablePointer<Instruction>?
    }

    /// Drops segments that ask for a new connection, and lets the others of a handshake pass.
    private static let refusal = [
        // Load the byte of the TCP header that has the flags.
        Instruction(code: 0x30, operand: 13),
        // SYN?
        Instruction(code: 0x45, jumpIfFalse: 1, operand: 0x02),
        // Drop.
        Instruction(code: 0x06, operand: 0),
        // Pass.
        Instruction(code: 0x06, operand: .max),
    ]

    /// Lets nobody in any more, so that the queue can be emptied: who has begun a handshake completes it; who begins one
    /// is not heard, and asks again in a second.
    static func close(_ descriptor: CInt) {
        var instructions = refusal
        instructions.withUnsafeMutableBufferPointer { buffer in
            var program = Program(count: UInt16(buffer.count), instructions: buffer.baseAddress)
            // Where the kernel has no filters, the moment between the last look and the end is unguarded.
            setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, socklen_t(MemoryLayout<Program>.size))
        }
    }

    /// Whether nobody waits to be accepted.
    static func isEmpty(_ descriptor: CInt) -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&poll, 1, 0) <= 0
    }
}
