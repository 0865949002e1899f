@testable import Gateway

/// An `Accept-Encoding` field: a list is the same as its parts in fields of their own, and who refuses gzip never gets it.
struct EncodingTarget: FuzzTarget {
    let name = "encoding"

    let longest = 160
    let words = [
        "gzip", "x-gzip", "GZIP", "identity", "*", "br", "deflate", ";q=0", ";q=1", ";q=0.5", ";q=.5", ";q=1.000",
        "; Q=0.9",
        ";q=", ";", ",", ", ", "\"", "=", "\t", ";a=b",
    ]

    var seeds: [[UInt8]] {
        [
            "gzip, deflate, br, zstd", "*", "gzip;q=0", "identity;q=0, gzip", "*;q=0.1, gzip;q=0.2", ";q=", ",,,",
            "gzip ; q=0.3333333333333333333",
        ].map { Array($0.utf8) }
    }

    func take(_ input: UnsafeRawBufferPointer) {
        var whole = AcceptEncoding()
        whole.add(input)
        var parts = AcceptEncoding()
        for part in listElements(input) { parts.add(part) }
        require(whole.choice == parts.choice, "a list is not its parts")
        Array("gzip;q=0".utf8).withUnsafeBytes { whole.add($0) }
        require(whole.choice == .identity, "gzip comes to who refuses it")
    }
}
