import Glibc
import Testing

@testable import Gateway

@Suite("The accept queue of a listening socket")
struct AcceptQueueTests {
    /// A socket that listens on a free port of the loopback interface, and callers of it.
    private struct Bench: ~Copyable {
        let listening: CInt
        private let address: sockaddr_in

        init() throws {
            let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isListening = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    bind(listening, pointer, length) == 0 && listen(listening, 8) == 0
                        && getsockname(listening, pointer, &length) == 0
                }
            }
            self.listening = listening
            self.address = address
            try #require(isListening)
        }

        deinit {
            close(listening)
        }

        /// Begins a connection; the kernel has done its part for the loopback interface when this returns.
        func connect() -> CInt {
            let caller = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
            var address = address
            _ = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(caller, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            return caller
        }
    }

    /// The state of TCP on a socket, the first byte of `struct tcp_info`.
    private static func state(_ socket: CInt) -> UInt8 {
        var info = [UInt8](repeating: 0, count: 256)
        var length = socklen_t(info.count)
        getsockopt(socket, Int32(IPPROTO_TCP), TCP_INFO, &info, &length)
        return info[0]
    }

    @Test("is empty until somebody connects, and again when that is accepted")
    func emptiness() throws {
        let bench = try Bench()
        #expect(AcceptQueue.isEmpty(bench.listening))
        let caller = bench.connect()
        defer { close(caller) }
        #expect(!AcceptQueue.isEmpty(bench.listening))
        let accepted = accept(bench.listening, nil, nil)
        defer { close(accepted) }
        #expect(accepted >= 0)
        #expect(AcceptQueue.isEmpty(bench.listening))
    }

    @Test("once closed, keeps who is in it and hears nobody new")
    func closing() throws {
        let bench = try Bench()
        let before = bench.connect()
        defer { close(before) }
        AcceptQueue.close(bench.listening)
        let after = bench.connect()
        defer { close(after) }
        #expect(Self.state(before) == 1, "established")
        #expect(Self.state(after) == 2, "its SYN is not answered")
        let accepted = accept(bench.listening, nil, nil)
        defer { close(accepted) }
        #expect(accepted >= 0)
        #expect(AcceptQueue.isEmpty(bench.listening))
    }
}
