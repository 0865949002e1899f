import Foundation
import Text

@testable import Access
@testable import Gateway

/// An `Authorization` field, and the base64 in it: one spelling per value, and nothing but the token opens.
struct AuthorizationTarget: FuzzTarget {
    let name = "authorization"

    private static let token = "hg_0123456789-0123456789"
    private static let tokens = TokenTable([
        TokenEntry(digest: TokenHasher().digest(of: token), grant: TokenGrant(name: "one", scopes: [.traffic]))
    ])

    let longest = 128
    let words = [
        "Bearer ", "bearer ", "Basic ", "BASIC ", " ", "  ", "\t", ",", ":", "=", "==", "A=", "hg_", token,
        Data("user:\(token)".utf8).base64EncodedString(), Data(":\(token)".utf8).base64EncodedString(), "Og==", "+",
        "/", "-", "_",
    ]

    var seeds: [[UInt8]] {
        let pair = Data("user:\(Self.token)".utf8).base64EncodedString()
        return [
            "Bearer \(Self.token)", "Basic \(pair)", "bearer   x", "basic Og==", "Basic ====", "", " ", "Digest x",
            "QQ==", "QUI=",
        ].map { Array($0.utf8) }
    }

    func take(_ input: UnsafeRawBufferPointer) {
        var room = [UInt8](repeating: 0, count: 600)
        let length = room.withUnsafeMutableBytes { Base64.decode(input, into: $0) }
        if let length {
            let encoded = Data(room[..<length]).base64EncodedString()
            require(encoded.utf8.elementsEqual(input), "another spelling of \(encoded)")
        }
        guard case .caller = Authenticator().authenticate(input, from: nil, among: Self.tokens, now: 0) else { return }
        let text = String(decoding: input, as: UTF8.self)
        guard let space = text.firstIndex(of: " ") else {
            return require(text == Self.token, "let in by another token")
        }
        let credential = text[space...].drop { $0 == " " }
        switch text[..<space].lowercased() {
        case "bearer":
            require(credential == Self.token, "let in by another token")
        case "basic":
            let pair = Data(base64Encoded: String(credential)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            require(
                pair.hasSuffix(":\(Self.token)") || pair.hasPrefix("\(Self.token):"),
                "let in by another password"
            )
        default:
            fatalError("let in by another scheme")
        }
    }
}
