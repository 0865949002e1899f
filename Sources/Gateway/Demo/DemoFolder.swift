import Foundation

/// The folder in which a demo's certificate lies while it runs, so that clients can check it.
struct DemoFolder: Sendable {
    private let url: URL

    /// The certificate's path.
    var certificate: String { url.appendingPathComponent("certificate.pem").path }

    /// Makes a folder that only this user can enter and puts the certificate there.
    init(certificate pem: [UInt8]) throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("hysteria-gateway-demo-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(
            at: url,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        try Data(pem).write(to: URL(fileURLWithPath: certificate))
    }

    /// Takes the folder away.
    func remove() {
        try? FileManager.default.removeItem(at: url)
    }
}
