import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("HTTP/1.1 is read strictly")
struct HTTP1ParserTests {
    @Test("a good request is taken for what it is", arguments: RequestCorpus.good)
    func accepted(request: RequestCorpus.Good) {
        let reading = Reading(request.bytes)
        #expect(reading.messages == request.expected)
        #expect(reading.end == (request.expected.last?.keepAlive == true ? .atBoundary : .closed))
    }

    @Test("a bad one is refused, and nothing of it or behind it is executed", arguments: RequestCorpus.bad)
    func refused(request: RequestCorpus.Bad) {
        let reading = Reading(request.bytes + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        #expect(reading.refusal == request.status, "\(reading)")
        #expect(reading.messages.count == request.requestsBefore)
    }

    @Test("a refusal names the rule and nothing that was sent", arguments: RequestCorpus.bad)
    func refusalTellsTheRule(request: RequestCorpus.Bad) {
        guard case .refused(_, let detail) = Reading(request.bytes).end else { return }
        #expect(detail.hasSuffix("."))
        #expect(detail.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
    }

    @Test("wherever a request is cut in two, it is read the same")
    func splitInTwo() {
        for bytes in RequestCorpus.all where bytes.count < 1_000 {
            let whole = Reading(bytes)
            for cut in 1..<max(bytes.count, 2) {
                let split = Reading(segments: [Array(bytes[..<cut]), Array(bytes[cut...])])
                #expect(split == whole, "cut at \(cut) of \(String(decoding: bytes, as: UTF8.self).debugDescription)")
            }
        }
    }

    @Test("a request that comes byte by byte is read the same")
    func byteByByte() {
        for bytes in RequestCorpus.all where bytes.count < 5_000 {
            #expect(Reading(segments: bytes.map { [$0] }) == Reading(bytes))
        }
    }

    @Test("a request that is not complete is neither accepted nor refused")
    func incomplete() {
        for request in RequestCorpus.good where request.bytes.count < 1_000 && request.expected.count == 1 {
            for cut in 1..<request.bytes.count {
                let reading = Reading(Array(request.bytes[..<cut]))
                #expect(reading.messages.isEmpty && reading.refusal == nil, "\(request.name), cut at \(cut)")
            }
        }
    }

    @Test("every byte at every place of a head is either good there or refused")
    func everyByteEverywhere() {
        let head = Array("GET /a HTTP/1.1\r\nHost: b\r\nX: y\r\n\r\n".utf8)
        for index in head.indices {
            for byte in UInt8.min...UInt8.max {
                var bytes = head
                bytes[index] = byte
                let reading = Reading(bytes)
                // Nothing turns one request into two.
                #expect(reading.messages.count <= 1)
                if byte < 0x20, byte != head[index], byte != UInt8(ascii: "\t") {
                    #expect(reading.messages.isEmpty, "byte \(byte) at \(index)")
                }
            }
        }
    }
}
