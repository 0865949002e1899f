/// The calls that may be shared and repeated, numbered so that per-call state is an array.
enum ReadCall: Int, CaseIterable {
    case traffic, online, streams
}
