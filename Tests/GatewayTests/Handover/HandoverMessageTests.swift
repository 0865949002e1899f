import Testing

@testable import Gateway

@Suite("What gateways say to each other at a handover")
struct HandoverMessageTests {
    @Test(
        "is read as it was written",
        arguments: [
            HandoverMessage.offer(["127.0.0.1:443", "[::]:80"]), .offer([]), .ready(["[::1]:443"]), .ready([]), .done,
        ]
    )
    func roundTrip(message: HandoverMessage) {
        #expect(HandoverMessage(message.text) == message)
    }

    @Test(
        "is nothing else",
        arguments: ["", "\n", "offer", "hysteria-gateway handover 2 done", "hysteria-gateway handover 1 doner"]
    )
    func others(text: String) {
        #expect(HandoverMessage(text) == nil)
    }

    @Test("descriptors are read as they were written", arguments: [0, 1, 2, 3, 253])
    func descriptors(count: Int) {
        let descriptors = (0..<count).map { CInt($0) }
        let bytes = ControlMessage(descriptors).bytes
        #expect(bytes.count == (count == 0 ? 0 : ControlMessage.size(of: count)))
        #expect(ControlMessage(bytes: bytes).descriptors == descriptors)
        for length in 0..<min(bytes.count, 24) {
            #expect(ControlMessage(bytes: bytes.prefix(length)).descriptors.count <= 1)
        }
    }
}
