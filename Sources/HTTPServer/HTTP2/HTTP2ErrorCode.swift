/// Why a stream or a connection ends (RFC 9113, section 7), as far as the gateway says it.
enum HTTP2ErrorCode: UInt32 {
    case noError = 0x0
    case protocolError = 0x1
    case internalError = 0x2
    case streamClosed = 0x5
    case frameSizeError = 0x6
    case cancel = 0x8
    case enhanceYourCalm = 0xB
}
