import COpenSSL

/// Reading and writing of certificates in PEM form.
enum PEMFile {
    /// No certificate chain or key comes near this; whatever does is another kind of file.
    private static let sizeLimit = 4 * 1024 * 1024

    /// The bytes of a file, or an error that names it and says why it cannot be read.
    static func read(_ path: String) throws(TLSError) -> [UInt8] {
        switch RegularFile.read(path, limit: sizeLimit) {
        case .success(let bytes):
            return bytes
        case .failure(.tooLarge):
            throw TLSError(.file, "\(path) is larger than \(sizeLimit) bytes and cannot be a certificate or a key")
        case .failure(let failure):
            throw TLSError(.file, "\(path) cannot be read: \(failure)")
        }
    }

    /// The certificates in `pem`, at least one; `source` says in an error where it came from.
    static func certificates(in pem: [UInt8], source: String) throws(TLSError) -> [TLSCertificate] {
        try all("certificate", labelled: certificateLabels, in: pem, source: source) { bio in
            PEM_read_bio_X509(bio, nil, nil, nil).map { TLSCertificate(owning: $0) }
        }
    }

    private static let certificateLabels: Set = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"]

    /// All objects of a kind in `pem`, at least one.
    ///
    /// - Parameters:
    ///   - kind: What errors call one of them.
    ///   - labels: What stands after `-----BEGIN`.
    ///   - source: Where, in an error, it came from.
    ///   - next: Reads the next one; `nil` where there is none that can be read.
    static func all<Object>(
        _ kind: String,
        labelled labels: Set<String>,
        in pem: [UInt8],
        source: String,
        next: (OpaquePointer) -> Object?
    ) throws(TLSError) -> [Object] {
        let bio = try MemoryBIO(PEMOutline.mended(pem))
        var found: [Object] = []
        OpenSSLErrorQueue.clear()
        while let object = next(bio.pointer) {
            found.append(object)
        }
        let last = ERR_peek_last_error()
        let reasons = OpenSSLErrorQueue.drain()
        let isEndOfFile = ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE
        guard isEndOfFile else {
            let line = PEMOutline(pem).line(of: found.count, labelled: labels).map { " (line \($0))" } ?? ""
            throw TLSError(
                .certificate,
                "\(kind) number \(found.count + 1)\(line) in \(source) cannot be read",
                reasons: reasons,
                file: source
            )
        }
        guard !found.isEmpty else {
            throw nothing("\(kind) in PEM form", .certificate, in: pem, source: source)
        }
        return found
    }

    /// Says what a file is in which nothing was found.
    static func nothing(
        _ wanted: String,
        _ kind: TLSError.Kind,
        in bytes: [UInt8],
        source: String,
        reasons: [TLSError.Reason] = []
    ) -> TLSError {
        let content = FileContent(bytes)
        guard content != .unknown else {
            return TLSError(kind, "\(source) holds no \(wanted)", reasons: reasons, file: source, content: content)
        }
        return TLSError(kind, "\(source) holds no \(wanted): it \(content.words)", file: source, content: content)
    }

    /// The certificates in PEM form, in their order.
    static func pem(of certificates: [TLSCertificate]) throws(TLSError) -> [UInt8] {
        let bio = try MemoryBIO()
        OpenSSLErrorQueue.clear()
        for certificate in certificates {
            guard PEM_write_bio_X509(bio.pointer, certificate.pointer) == 1 else {
                throw TLSError(.certificate, "the certificate cannot be written", reasons: OpenSSLErrorQueue.drain())
            }
        }
        return bio.bytes
    }
}
