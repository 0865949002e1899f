@testable import Gateway

/// An `Accept` field: a list is the same as its parts in fields of their own, and empty parts say nothing.
struct AcceptTarget: FuzzTarget {
    let name = "accept"

    let longest = 160
    let words = [
        "text/plain", "text/*", "*/*", "application/json", "application/*", "text/html", "TEXT/PLAIN", ";q=0", ";q=1",
        ";q=0.5", ";q=0.001", ";q=1.000", "; Q=0.9", ";q=", ";", ",", ", ", "\"", "\\\"", "=", "/", "*", "\t",
        ";a=\"b,c\"",
        ";charset=utf-8",
    ]

    var seeds: [[UInt8]] {
        [
            "text/plain", "*/*", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "application/json;q=0",
            "text/*;q=0.5, application/*;q=0.51", "text/plain;Q=1.000;x=\"a,b\"", ";q=", ",,,",
            "text/plain ; q=0.3333333333333333333",
        ].map { Array($0.utf8) }
    }

    func take(_ input: UnsafeRawBufferPointer) {
        var whole = AcceptHeader()
        whole.add(input)
        var parts = AcceptHeader()
        for part in listElements(input) { parts.add(part) }
        for standard in [AnswerFormat.json, .text] {
            require(whole.choice(default: standard) == parts.choice(default: standard), "a list is not its parts")
        }
    }
}
