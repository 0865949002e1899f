import HysteriaSimulator
import HysteriaStats
import NIOCore
import Testing

@testable import Gateway

@Suite("The form of an answer is the one the caller likes best")
struct AcceptHeaderTests {
    private func choice(_ fields: [String], default standard: AnswerFormat = .json) -> AnswerFormat {
        var header = AcceptHeader()
        for field in fields { Array(field.utf8).withUnsafeBytes { header.add($0) } }
        return header.choice(default: standard)
    }

    @Test(
        "text",
        arguments: [
            "text/plain", "TEXT/PLAIN", "text/*", "text/plain, application/json;q=0.9",
            "application/json;q=0, text/plain",
            "*/*;q=0.1, text/plain", "text/plain;q=0.501, application/json;q=0.5", "text/plain ; q=0.2",
            "text/plain;charset=utf-8", "application/json;q=0, */*", "application/*;q=0.3, text/*;q=0.4",
            "text/plain;Q=1.000, application/json;q=0.999", "image/png, text/plain;q=0.1", ",,text/plain,",
        ]
    )
    func text(field: String) {
        #expect(choice([field]) == .text)
    }

    @Test(
        "JSON",
        arguments: [
            "application/json", "Application/JSON", "application/*", "application/json, text/plain;q=0",
            "text/plain;q=0.5, */*", "text/*;q=0.5, application/*;q=0.6", "*/*, text/plain;q=0",
            "text/*, text/plain;q=0, application/json;q=0.1", "text/plain;q=0.5, application/json;q=0.501",
        ]
    )
    func json(field: String) {
        #expect(choice([field], default: .text) == .json)
    }

    @Test(
        "the usual one where the caller likes both alike, neither, or says nothing that can be read",
        arguments: [
            "", "*/*", "text/plain, application/json", "text/html", "image/png", "*/*;q=0", "text/plain;q=0",
            "application/json;q=0.5, text/plain;q=0.5", "nonsense", ";", "/", "text", "text/plain;q=", "text/plain;q=x",
            "text/plain;q=-1", "text/plain;q=2", "text/plain;q=0x5", "text/plain;q=0,5", ", ,", "text/plain;q=0.0009",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "*", "*/json", "te xt/plain",
        ]
    )
    func neither(field: String) {
        #expect(choice([field], default: .json) == .json)
        #expect(choice([field], default: .text) == .text)
    }

    @Test(
        "weights as libraries write them",
        arguments: [
            "application/json;q=.2, text/plain;q=.9", "application/json;q=0., text/plain;q=.1",
            "text/plain;q=1., application/json;q=.999", "*; q=.2, text/plain; q=.3, application/json; q=.25",
        ]
    )
    func shortWeights(field: String) {
        #expect(choice([field]) == .text)
    }

    @Test("the page is for browsers, and for who names HTML, not for what Java sends by itself")
    func page() {
        func prefersPage(_ field: String) -> Bool {
            var header = AcceptHeader()
            Array(field.utf8).withUnsafeBytes { header.add($0) }
            return header.prefersPage
        }
        #expect(prefersPage("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"))
        #expect(prefersPage("text/html"))
        #expect(prefersPage("text/html, */*;q=.9"))
        #expect(!prefersPage("text/html;q=.8, text/plain;q=.9"))
        #expect(!prefersPage("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"))
        #expect(!prefersPage("text/html, image/gif, image/jpeg, */*; q=0.2"))
    }

    @Test("several fields are one list")
    func severalFields() {
        #expect(choice(["application/json;q=0.5", "text/plain"]) == .text)
        #expect(choice(["text/plain;q=0.1", "application/json"], default: .text) == .json)
    }

    @Test("any bytes at all are read to their end")
    func anything() {
        var random = SeededGenerator(seed: 1)
        let words = [
            "text/plain", "application/json", "*/*", ";q=", "q", ";", ",", " ", "\t", "0.5", "1", ".", "=", "\u{FF}",
        ]
        for _ in 0..<5_000 {
            let field = (0..<Int.random(in: 0...8, using: &random)).map { _ in words.randomElement(using: &random) ?? ""
            }
            _ = choice([field.joined()])
        }
    }
}
