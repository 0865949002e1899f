/// How much of one request is taken into memory, in bytes.
enum HTTP1Limits {
    /// Request line and header fields, with their line ends.
    static let head = 16 * 1024
    /// The content of a request, chunk framing not counted.
    static let body = 64 * 1024
    /// The digits of a chunk size, zeros before it included: those of 64 bits, which some senders write in full.
    static let chunkSizeDigits = 16
    /// The extensions of one chunk. They are ignored, so more than a little is only an attack.
    static let chunkExtensions = 256
    /// Trailer fields of a chunked body, which are ignored.
    static let trailer = 4 * 1024
}
