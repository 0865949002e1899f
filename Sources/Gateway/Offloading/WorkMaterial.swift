import NIOCore

/// What work is made of. Its memory is held for as long as the work waits.
struct WorkMaterial: Sendable {
    /// What tells it from other material: many works may be made of the same.
    let identity: UInt
    let bytes: Int

    /// Figures of the ledger, which are in memory in any case.
    static func ledger(users: Int) -> WorkMaterial { WorkMaterial(identity: 0, bytes: 128 * users) }

    /// An answer of Hysteria. It is one and the same for all who share it.
    init(_ body: ByteBuffer) {
        identity = body.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
        bytes = body.readableBytes
    }

    init(identity: UInt = 0, bytes: Int) {
        self.identity = identity
        self.bytes = bytes
    }
}
