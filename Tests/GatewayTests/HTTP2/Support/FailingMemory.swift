import CNGHTTP2
import Glibc

@testable import HTTPServer

/// Memory for libnghttp2 that runs out when a test wants it to.
final class FailingMemory {
    /// Which requests for memory fail, counted from 0 since it was set.
    var failing: Range<Int>? {
        didSet { count = 0 }
    }
    /// How many requests there were since.
    private(set) var count = 0
    private(set) var hasFailed = false

    private func admits() -> Bool {
        defer { count += 1 }
        guard let failing, failing.contains(count) else { return true }
        hasFailed = true
        return false
    }

    /// A session that has its memory from here, which must not end before it.
    func makeSession() -> HTTP2Session {
        var memory = nghttp2_mem()
        memory.mem_user_data = Unmanaged.passUnretained(self).toOpaque()
        memory.malloc = { size, user in FailingMemory.of(user).admits() ? malloc(size) : nil }
        memory.calloc = { count, size, user in FailingMemory.of(user).admits() ? calloc(count, size) : nil }
        memory.realloc = { pointer, size, user in FailingMemory.of(user).admits() ? realloc(pointer, size) : nil }
        memory.free = { pointer, _ in free(pointer) }
        return HTTP2Session(memory: &memory)
    }

    private static func of(_ user: UnsafeMutableRawPointer?) -> FailingMemory {
        guard let user else { preconditionFailure("libnghttp2 has forgotten whose memory it uses") }
        return Unmanaged.fromOpaque(user).takeUnretainedValue()
    }
}
