import Access
import Text

/// A request target, percent-decoded once: which route, and what its query asks for.
struct RequestTarget {
    /// Why a target says nothing.
    enum ParsingError: Error, Equatable {
        case malformedPercentEncoding
        /// Another value than those that the parameter has, or the parameter twice.
        case badParameter(Parameter)
    }

    /// What a query may say.
    enum Parameter: String, CaseIterable {
        case clear, format, since, user, from, to, by

        /// The scope that it asks for, besides that of the endpoint; nil where it asks for none.
        var scope: Scope? {
            switch self {
            case .clear, .since: .clear
            case .format, .user, .from, .to, .by: nil
            }
        }

        /// How it is given, for who gave it otherwise.
        var usage: String {
            switch self {
            case .clear: "clear is given once, as 1 or true, or as 0 or false."
            case .format:
                "format is given once, as json or text, where there is a table as csv, or for \(Endpoints.pathsOfPages) as html."
            case .since: "since is given once, as 0 or as the cursor of an earlier answer."
            case .user: "user is the name of a user, and can be given up to 100 times."
            case .from, .to:
                "\(rawValue) is given once, as a date such as 2026-11-27 or a time such as 2026-11-27T15:00:00Z."
            case .by: "by is given once, as total, hour, day or month."
            }
        }

        /// How often it can be given.
        var limit: Int {
            switch self {
            case .user: 100
            case .clear, .format, .since, .from, .to, .by: 1
            }
        }
    }

    /// The route with this path; nil where there is none.
    var route: Route?
    /// Whether the counters are to be emptied. Absent means no.
    var clears = false
    /// The form of the answer, where the query names one.
    var format: AnswerFormat?
    /// What the query gives the other parameters of the endpoint, in its order, percent-decoded.
    private(set) var arguments: [(parameter: Parameter, value: [UInt8])] = []
    /// What stands in the path behind the route's own: a credential, never to be shown.
    private(set) var pathToken: [UInt8] = []
    /// Whether the query names HTML, which is the page.
    var asksForPage = false

    /// What a token needs for a call with this query of an endpoint that asks for this scope.
    func scopes(with scope: Scope) -> ScopeSet {
        var scopes = ScopeSet(scope)
        if clears, let further = Parameter.clear.scope { scopes.insert(further) }
        for argument in arguments { if let further = argument.parameter.scope { scopes.insert(further) } }
        return scopes
    }
}

extension RequestTarget {
    /// Reads the target as ``Request/target`` has it.
    init(_ bytes: UnsafeRawBufferPointer) throws(ParsingError) {
        self.init()
        // Nearly every request there is.
        if let route = Route(path: bytes) {
            self.route = route
            return
        }
        let mark = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.count
        let path = UnsafeRawBufferPointer(rebasing: bytes[..<mark])
        route = try Self.route(path: path)
        if route == nil { try readPathToken(path) }
        guard mark < bytes.count else { return }
        try readQuery(UnsafeRawBufferPointer(rebasing: bytes[(mark + 1)...]))
    }

    /// The route with this path, which is as it was sent and without a query; nil where there is none.
    static func route(path: UnsafeRawBufferPointer) throws(ParsingError) -> Route? {
        if let route = Route(path: path) { return route }
        let path = try decode(path, plusIsSpace: false)
        return (path.isEmpty ? [UInt8(ascii: "/")] : path).withUnsafeBytes { Route(path: $0) }
    }

    /// A path that has a credential behind the route's own.
    private mutating func readPathToken(_ path: UnsafeRawBufferPointer) throws(ParsingError) {
        let path = try Self.decode(path, plusIsSpace: false)
        guard let (route, length) = path.withUnsafeBytes(Route.withToken) else { return }
        self.route = route
        pathToken = Array(path[length...])
    }

    /// The values of a parameter.
    func values(of parameter: Parameter) -> [[UInt8]] {
        arguments.compactMap { $0.parameter == parameter ? $0.value : nil }
    }

    /// `name=value` pairs between `&`, as HTML forms write them. Names that mean nothing here are passed over: people
    /// add such to get around caches.
    private mutating func readQuery(_ query: UnsafeRawBufferPointer) throws(ParsingError) {
        var sawClear = false
        for pair in query.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let name = try Self.decode(UnsafeRawBufferPointer(rebasing: pair[..<equals]), plusIsSpace: true)
            let value = try Self.decode(
                UnsafeRawBufferPointer(rebasing: pair[equals...].dropFirst()),
                plusIsSpace: true
            )
            if name.elementsEqual("clear".utf8) {
                guard !sawClear, let clears = Self.boolean(value) else { throw .badParameter(.clear) }
                sawClear = true
                self.clears = clears
            } else if name.elementsEqual("format".utf8) {
                guard format == nil, !asksForPage else { throw .badParameter(.format) }
                asksForPage = route?.endpoint.page != nil && value.elementsEqual("html".utf8)
                format = Self.format(value)
                if format == .csv, route?.endpoint.contentTypes.contains(.csv) != true { throw .badParameter(.format) }
                guard asksForPage || format != nil else { throw .badParameter(.format) }
            } else if let parameter = route?.endpoint.parameters.first(where: { name.elementsEqual($0.rawValue.utf8) })
            {
                guard arguments.count(where: { $0.parameter == parameter }) < parameter.limit else {
                    throw .badParameter(parameter)
                }
                arguments.append((parameter, value))
            }
        }
    }

    /// The values that Hysteria takes for true and false. It takes all others for false as well; a caller who writes
    /// `clear=yes` is better told.
    private static func boolean(_ value: [UInt8]) -> Bool? {
        for word in ["1", "t", "T", "true", "TRUE", "True"] where value.elementsEqual(word.utf8) { return true }
        for word in ["0", "f", "F", "false", "FALSE", "False"] where value.elementsEqual(word.utf8) { return false }
        return nil
    }

    private static func format(_ value: [UInt8]) -> AnswerFormat? {
        if value.elementsEqual("json".utf8) { return .json }
        if value.elementsEqual("text".utf8) { return .text }
        if value.elementsEqual("csv".utf8) { return .csv }
        return nil
    }

    private static func decode(_ bytes: UnsafeRawBufferPointer, plusIsSpace: Bool) throws(ParsingError) -> [UInt8] {
        guard let decoded = PercentEncoding.decode(bytes, plusIsSpace: plusIsSpace) else {
            throw .malformedPercentEncoding
        }
        return decoded
    }
}

extension KnownTargets {
    /// What the API knows.
    static let api = KnownTargets(
        isPath: { path in
            let route = try? RequestTarget.route(path: path)
            return route != nil
        },
        isParameter: { RequestTarget.Parameter(rawValue: String($0)) != nil }
    )
}
