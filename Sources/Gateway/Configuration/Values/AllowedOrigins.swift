/// The sites whose pages may read what the gateway answers (CORS): none, unless the operator names them.
public struct AllowedOrigins: Sendable, Hashable {
    /// Whether pages of every site may.
    public private(set) var any = false
    /// The origins whose pages may, as browsers write them.
    public private(set) var named: [String] = []

    /// No site at all.
    public static let none = AllowedOrigins()
    /// Every site.
    public static let all: AllowedOrigins = {
        var origins = AllowedOrigins()
        origins.any = true
        return origins
    }()

    /// The sites with these origins, which ``OriginText`` has found to be written as browsers do.
    public init(_ named: [String] = []) {
        self.named = named
    }

    /// Whether anything is to be said to browsers of other sites.
    var isEmpty: Bool { !any && named.isEmpty }

    /// The origin with this spelling, if it is named. Origins are compared as they are: there is one spelling of each.
    func origin(_ bytes: UnsafeRawBufferPointer) -> String? {
        named.first { $0.utf8.elementsEqual(bytes) }
    }
}
