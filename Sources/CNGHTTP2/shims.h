// The system's libnghttp2 as Swift sees it: framing, header compression and flow control of HTTP/2.
#ifndef CNGHTTP2_SHIMS_H
#define CNGHTTP2_SHIMS_H

#include <nghttp2/nghttp2.h>

#if NGHTTP2_VERSION_NUM < 0x012b00
#error "hysteria-gateway needs libnghttp2 1.43 or newer: install libnghttp2-dev of Debian 12, Ubuntu 22.04 or later"
#endif

// RFC 9218, section 2.1. By its number, because the header files of 1.43 do not have the name yet; a library that does
// not know a setting sends it as it is.
static const int32_t CNGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES = 0x9;

#endif
