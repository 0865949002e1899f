import NIOCore

@testable import Gateway
@testable import HTTPServer

/// One HTTP/2 connection with what happens to it: however its frames are cut, they are understood the same, every
/// request comes to its end once, and an answer is lost or whole.
///
/// An input is no bytes of the wire, whose lengths would hardly ever be right, but a list of steps: see ``HTTP2Step``.
struct HTTP2Target: FuzzTarget {
    let name = "http2"
    let longest = 512
    // Fields of the static table, fields in full, settings, and steps with what belongs to them.
    let words = [
        "\u{82}", "\u{83}", "\u{84}", "\u{86}", "\u{87}", "\u{8D}", "\u{BE}", "\u{40}", "\u{20}", "\u{3F}\u{E1}\u{1F}",
        "\u{41}\u{01}a",
        "\u{44}\u{02}/w", "\u{04}\u{02}/b", "\u{04}\u{02}/l", "\u{04}\u{02}/s", "\u{82}\u{87}\u{84}\u{41}\u{01}a",
        "\0\u{06}expect\u{0C}100-continue",
        "\0\u{04}host\u{01}a", "\u{02}\u{04}HEAD", "\u{02}\u{07}OPTIONS\u{04}\u{01}*", "\u{02}\u{07}CONNECT",
        "\u{0F}\u{0D}\u{01}1",
        "\u{0F}\u{08}\u{01}x", "\0\u{02}te\u{08}trailers", "\0\u{0A}connection\u{01}x",
        "\u{01}\u{05}\u{01}\u{05}\u{82}\u{87}\u{84}\u{01}\u{01}a",
        "\u{01}\u{04}\u{01}\u{05}\u{83}\u{87}\u{84}\u{01}\u{01}a",
        "\0\u{01}\u{01}\u{01}x", "\u{03}\0\u{01}\u{04}\0\0\0\u{08}", "\u{04}\0\0\u{06}\0\u{04}\0\0\0\0",
        "\u{04}\u{01}\0\0",
        "\u{06}\0\0\u{08}pingpong", "\u{06}\u{01}\0\u{08}\0\0\0\0\0\0\0\0", "\u{08}\0\0\u{04}\u{7F}\u{FF}\u{FF}\u{FF}",
        "\u{08}\0\u{01}\u{04}\0\0\u{FF}\u{FF}", "\u{80}\u{09}", "\u{80}\u{1F}", "\u{80}\u{3D}", "\u{81}\0",
        "\u{81}\u{01}", "\u{82}\0", "\u{83}",
    ]

    var seeds: [[UInt8]] {
        let large = HTTP2Step.steps(.get(1, "/l"), .windowUpdate(0, 100_000), .windowUpdate(1, 100_000))
        return [
            HTTP2Step.steps(.get(1), .get(3, "/b"), .headers(5, HTTP2Frame.request("HEAD", "/l"))),
            HTTP2Step.steps(.post(1, "/b"), .data(1, "hello", endsStream: false), .data(1, " you")),
            HTTP2Step.steps(.post(1, "/b", [("expect", "100-continue"), ("content-length", "2")]), .data(1, "hi")),
            HTTP2Step.steps(.get(1, "/w"), .get(3, "/w")) + [0x82, 1, 0x82, 0],
            HTTP2Step.steps(.get(1, "/w"), .reset(1), .get(3)) + [0x82, 0],
            HTTP2Step.steps(.post(1, "/b"), .data(1, "x", endsStream: false)) + [0x80, 31],
            HTTP2Step.steps(.post(1, "/s"), .data(1, "x", endsStream: false)) + [0x80, 31] + HTTP2Step.steps(.get(3)),
            [0x81, 0] + large + [0x81, 1], large + [0x80, 61], HTTP2Step.steps(.get(1, "/l")) + [0x80, 61],
            HTTP2Step.steps(.settings(4, 0), .get(1), .windowUpdate(1, 1), .windowUpdate(1, 1_000)),
            HTTP2Step.steps(.get(1, "/w")) + [0x83] + HTTP2Step.steps(.ping, .get(3)) + [0x80, 3, 0x82, 0],
            HTTP2Step.steps(.headers(1, HTTP2Frame.request("GET", "/s"), endsHeaders: false)) + [0x80, 11],
            HTTP2Step.steps(.post(1, "/b"), .headers(1, [("x", "y")]), .get(1), .data(3, "x"), .reset(9)),
            HTTP2Step.steps(.get(1, "a b"), .get(3, "/", [("host", "b")]), .headers(5, [(":path", "/")])),
        ]
    }

    func take(_ input: UnsafeRawBufferPointer) {
        let steps = HTTP2Step.read(Array(input))
        let whole = HTTP2Run(steps, cut: false)
        let cut = HTTP2Run(steps, cut: true)
        require(
            whole.goAway == cut.goAway,
            "ended with \(String(describing: whole.goAway)), cut with \(String(describing: cut.goAway))"
        )
        require(whole.begun == cut.begun, "begun: \(whole.begun), cut: \(cut.begun)")
        // Behind an error, what goes out before the connection ends depends on how much has come.
        if whole.goAway ?? 0 == 0 {
            require(whole.answers == cut.answers, "answers: \(whole.answers), cut: \(cut.answers)")
        }
    }
}
