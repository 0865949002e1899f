@testable import Gateway

/// One connection: however its bytes come, they are read the same, and no other parser reads what is accepted otherwise.
struct HTTP1Target: FuzzTarget {
    let name = "http1"

    var seeds: [[UInt8]] { RequestCorpus.all.filter { $0.count < 2_000 } }

    func take(_ input: UnsafeRawBufferPointer) {
        let bytes = Array(input)
        let comparison = HTTP1Comparison(bytes)
        require(comparison.disagreement == nil, "\(comparison.disagreement ?? "")")
        let whole = comparison.ours
        let bytewise = Reading(segments: bytes.map { [$0] })
        require(bytewise == whole, "byte by byte: \(bytewise); at once: \(whole)")
        // Where to cut depends on the bytes alone.
        let cut = bytes.isEmpty ? 0 : bytes.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % bytes.count
        let split = Reading(segments: [Array(bytes[..<cut]), Array(bytes[cut...])])
        require(split == whole, "cut at \(cut): \(split); at once: \(whole)")
    }
}
