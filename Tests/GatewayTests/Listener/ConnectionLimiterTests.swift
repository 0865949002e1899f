import NIOCore
import Testing

@testable import Gateway

@Suite("Connections are limited, in all and by address")
struct ConnectionLimiterTests {
    private func address(_ text: String) throws -> SocketAddress { try SocketAddress(ipAddress: text, port: 1) }

    private func refusal(_ limiter: ConnectionLimiter, _ address: SocketAddress?) -> String {
        do throws(ConnectionLimiter.LimitError) {
            try limiter.admit(address)
            return "admitted"
        } catch {
            switch error {
            case .tooMany(let limit): return "too many: \(limit)"
            case .tooManyFromAddress(let limit): return "too many from there: \(limit)"
            }
        }
    }

    @Test("in all")
    func total() throws {
        let limiter = ConnectionLimiter(connections: 2, connectionsPerAddress: 2)
        let one = try address("192.0.2.1")
        let two = try address("192.0.2.2")
        #expect(refusal(limiter, one) == "admitted")
        #expect(refusal(limiter, nil) == "admitted")
        #expect(refusal(limiter, two) == "too many: 2")
        #expect(refusal(limiter, nil) == "too many: 2")
        limiter.release(nil)
        #expect(refusal(limiter, two) == "admitted")
    }

    @Test("by address, and an IPv6 caller by the network of 64 bits")
    func perAddress() throws {
        let limiter = ConnectionLimiter(connections: 100, connectionsPerAddress: 2)
        #expect(refusal(limiter, try address("2001:db8::1")) == "admitted")
        #expect(refusal(limiter, try address("2001:db8::2")) == "admitted")
        #expect(refusal(limiter, try address("2001:db8::3")) == "too many from there: 2")
        #expect(refusal(limiter, try address("2001:db8:0:1::3")) == "admitted")
        limiter.release(try address("2001:db8::1"))
        #expect(refusal(limiter, try address("2001:db8::3")) == "admitted")
        #expect(refusal(limiter, try address("2001:db8::3")) == "too many from there: 2")
    }

    @Test("a connection that was refused is not counted")
    func refusedIsNotCounted() throws {
        let limiter = ConnectionLimiter(connections: 3, connectionsPerAddress: 1)
        let one = try address("192.0.2.1")
        #expect(refusal(limiter, one) == "admitted")
        for _ in 0..<10 { #expect(refusal(limiter, one) == "too many from there: 1") }
        #expect(refusal(limiter, try address("192.0.2.2")) == "admitted")
        limiter.release(one)
        #expect(refusal(limiter, one) == "admitted")
    }

    @Test("many threads at once lose no count")
    func threads() async throws {
        let limiter = ConnectionLimiter(connections: 50, connectionsPerAddress: 50)
        let one = try address("192.0.2.1")
        let admitted = await withTaskGroup(of: Int.self) { tasks in
            for _ in 0..<8 {
                tasks.addTask {
                    (0..<100).reduce(0) { count, _ in (try? limiter.admit(one)) == nil ? count : count + 1 }
                }
            }
            return await tasks.reduce(0, +)
        }
        #expect(admitted == 50)
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<50 { tasks.addTask { limiter.release(one) } }
        }
        #expect(refusal(limiter, one) == "admitted")
    }
}
