import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("An HTTP/2 connection's time is limited")
struct HTTP2TimeTests {
    @Test("a caller that says nothing is left after the time for a head", arguments: [true, false])
    func silence(greets: Bool) throws {
        let connection = try ServedHTTP2Connection(greets: greets)
        connection.advance(.seconds(9))
        #expect(!connection.isEnded)
        connection.advance(.seconds(1))
        #expect(connection.goAway == 0)
        #expect(!connection.isOpen)
    }

    @Test("one that was served waits longer for the next request, whatever else it sends", arguments: [true, false])
    func idle(answersAtOnce: Bool) throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in answersAtOnce ? .respond(.text("a")) : .wait }
        try connection.receive(.get(1))
        if !answersAtOnce { connection.exchanges[0].answer(.text("a")) }
        connection.run()
        connection.advance(.seconds(50))
        try connection.receive(.ping)
        connection.advance(.seconds(9))
        #expect(connection.isOpen)
        connection.advance(.seconds(1))
        #expect(connection.goAway == 0)
        #expect(!connection.isOpen)
    }

    @Test("one that is asked now and then is kept for good", arguments: [1, 50])
    func polling(seconds: Int64) throws {
        let connection = try ServedHTTP2Connection()
        for index in 0..<100 {
            try connection.receive(.get(UInt32(2 * index + 1)))
            connection.advance(.seconds(seconds))
        }
        #expect(connection.isOpen)
        #expect(connection.answers.count == 100)
    }

    @Test("a head that does not come to its end ends the connection, however often a byte of it comes")
    func slowHead() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { $0 == "/slow" ? .wait : .respond(.text($0)) }
        let head = HTTP2Frame.get(3).bytes
        try connection.receive(.get(1, "/slow"))
        try connection.receive(bytes: Array(head[..<20]))
        for index in 20..<24 {
            connection.advance(.milliseconds(2_400))
            try connection.receive(bytes: [head[index]])
        }
        #expect(!connection.isEnded)
        connection.advance(.milliseconds(500))
        #expect(connection.goAway == 0)
        #expect(connection.isEnded)
    }

    @Test("a wanted body that does not come to its end is answered, and others are served")
    func slowBody() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { $0 == "/post" ? .readBody : .respond(.text($0)) }
        try connection.receive(.post(1, "/post"))
        for _ in 0..<5 {
            connection.advance(.milliseconds(5_900))
            try connection.receive(.data(1, "b", endsStream: false))
        }
        #expect(connection.answers[1] == nil)
        connection.advance(.milliseconds(500))
        #expect(connection.answers[1]?.status == "408")
        #expect(connection.answers[1]?.reset == 0)
        #expect(connection.exchanges[0].errors == [.timedOut])
        try connection.receive(.get(3))
        #expect(connection.answers[3]?.status == "200")
    }

    @Test("while an answer is made, nothing runs out")
    func answering() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .wait }
        try connection.receive(.get(1))
        connection.advance(.hours(1))
        #expect(connection.isOpen)
        connection.exchanges[0].answer(.text("at last"))
        connection.run()
        #expect(connection.answers[1]?.body == "at last")
    }

    @Test("an answer whose window never opens is given up, and others are served")
    func closedWindow() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { $0 == "/large" ? .respond(.large(100_000)) : .respond(Response(status: .noContent)) }
        try connection.receive(.settings(4, 0), .get(1, "/large"))
        for index in 1...11 {
            connection.advance(.seconds(5))
            try connection.receive(.get(UInt32(2 * index + 1)))
        }
        #expect(connection.answers[1]?.reset == nil)
        connection.advance(.seconds(5))
        #expect(connection.answers[1]?.reset == 8)
        try connection.receive(.get(101))
        #expect(connection.answers[101]?.isComplete == true)
        #expect(connection.isOpen)
    }

    @Test("one that is taken slowly has its time for each 64 KiB")
    func slowReader() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .respond(.large(10 * 65_536)) }
        try connection.receive(.settings(4, 0), .get(1), .windowUpdate(0, 1 << 24))
        for _ in 0..<10 {
            connection.advance(.seconds(59))
            try connection.receive(.windowUpdate(1, 65_536))
        }
        #expect(connection.answers[1]?.isComplete == true)
    }

    @Test("a byte now and then wins no time")
    func slowestReader() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .respond(.large(10 << 20)) }
        try connection.receive(.settings(4, 0), .get(1))
        for _ in 0..<59 {
            connection.advance(.seconds(1))
            try connection.receive(.windowUpdate(1, 1000))
        }
        #expect(connection.answers[1]?.reset == nil)
        connection.advance(.seconds(1))
        #expect(connection.answers[1]?.reset == 8)
        #expect(connection.isOpen)
    }

    @Test("answers that are taken together have to be taken as fast as one")
    func slowTogether() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .respond(.large(100_000)) }
        try connection.receive(.settings(4, 0), .windowUpdate(0, 1 << 24))
        for index in 0..<8 { try connection.receive(.get(UInt32(2 * index + 1))) }
        for _ in 0..<10 {
            connection.advance(.seconds(59))
            for index in 0..<8 { try connection.receive(.windowUpdate(UInt32(2 * index + 1), 8192)) }
        }
        #expect((0..<8).allSatisfy { connection.answers[UInt32(2 * $0 + 1)]?.reset == nil })
    }

    @Test("a caller that takes nothing at all is let go")
    func stall() throws {
        let connection = try ServedHTTP2Connection()
        connection.setWritable(false)
        try connection.receive(.get(1))
        connection.advance(.seconds(59))
        #expect(connection.isOpen)
        connection.advance(.seconds(1))
        #expect(!connection.isOpen)
    }
}
