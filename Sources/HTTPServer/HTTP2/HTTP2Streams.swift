/// The open streams of one connection, each in its place, and the ones that wait to be used again.
struct HTTP2Streams {
    /// How many are kept to be used again.
    private static let kept = 32

    private var places: [HTTP2Stream?] = []
    private var freePlaces: [Int32] = []
    private var unused: [HTTP2Stream] = []
    /// How much the bodies take that have arrived so far, in bytes.
    private var bodyBytes = 0

    /// The stream with that key; nil if it is not open any more.
    subscript(key: HTTP2StreamKey) -> HTTP2Stream? {
        let place = Int(key.place)
        guard place < places.count, let stream = places[place], stream.key.id == key.id else { return nil }
        return stream
    }

    /// One that was used before and can be used again.
    mutating func takeUnused() -> HTTP2Stream? { unused.popLast() }

    /// Makes it a stream that begins.
    mutating func open(_ stream: HTTP2Stream, id: Int32) -> HTTP2StreamKey {
        let key = HTTP2StreamKey(id: id, place: freePlaces.popLast() ?? Int32(places.count))
        stream.begin(key)
        if key.place == places.count { places.append(stream) } else { places[Int(key.place)] = stream }
        return key
    }

    /// Closes one.
    ///
    /// - Returns: whether it is kept to be used again. One without an answer is not: somebody may still hold an answer for it,
    ///   which is not to be taken for that to another request.
    mutating func close(_ stream: HTTP2Stream) -> Bool {
        releaseBody(of: stream)
        places[Int(stream.key.place)] = nil
        freePlaces.append(stream.key.place)
        guard stream.isAnswered, unused.count < Self.kept else { return false }
        unused.append(stream)
        return true
    }

    /// Those that are open, in no order, with gaps.
    var open: [HTTP2Stream?] { places }

    /// Forgets all.
    mutating func removeAll() {
        self = HTTP2Streams()
    }

    // MARK: Bodies

    /// Keeps a piece of a body, unless all of them together are too large then.
    mutating func keep(_ bytes: UnsafeRawBufferPointer, on stream: HTTP2Stream) -> Bool {
        guard bodyBytes + bytes.count <= HTTP2Limits.bodies else { return false }
        bodyBytes += bytes.count
        stream.keep(bytes)
        return true
    }

    /// Lets go of a body.
    mutating func releaseBody(of stream: HTTP2Stream) {
        bodyBytes -= stream.bodyLength
        stream.releaseBody()
    }

    /// The exchange gets a body now.
    mutating func willDeliverBody(of stream: HTTP2Stream) {
        bodyBytes -= stream.bodyLength
    }
}
