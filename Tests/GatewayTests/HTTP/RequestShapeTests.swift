import RequestShapes
import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("What two readers may understand differently")
struct RequestShapeTests {
    @Test("is read in one way, or refused with all that follows", arguments: RequestShape.all)
    func parsed(shape: RequestShape) {
        let reading = Reading(shape.text)
        #expect(reading.messages.count == shape.statuses.count - (shape.isRefused ? 1 : 0), "\(reading)")
        #expect(reading.refusal?.rawValue == (shape.isRefused ? shape.statuses.last : nil), "\(reading)")
        #expect(reading.end != .atBoundary, "the last answer ends the connection")
    }

    @Test("is read the same wherever it is cut in two, and byte by byte", arguments: RequestShape.all)
    func split(shape: RequestShape) {
        let bytes = Array(shape.text.utf8)
        let whole = Reading(bytes)
        #expect(Reading(segments: bytes.map { [$0] }) == whole)
        guard bytes.count < 1_000 else { return }
        for cut in 1..<bytes.count {
            #expect(Reading(segments: [Array(bytes[..<cut]), Array(bytes[cut...])]) == whole, "cut at \(cut)")
        }
    }

    @Test("is never read otherwise by NIOHTTP1 where it is accepted", arguments: RequestShape.all)
    func compared(shape: RequestShape) {
        #expect(HTTP1Comparison(Array(shape.text.utf8)).disagreement == nil)
    }
}
