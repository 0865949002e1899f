// What glibc and Linux have as macros, each as one inline function prefixed CLinux_, and headers that Swift's Glibc leaves out.
#ifndef CLINUX_SHIMS_H
#define CLINUX_SHIMS_H

#include <sys/timex.h>
#include <linux/filter.h>
#include <stddef.h>
#include <sys/socket.h>

/// How long a control message (cmsg(3)) with so many bytes of data is.
static inline size_t CLinux_CMSG_LEN(size_t length) {
    return CMSG_LEN(length);
}

/// The same with the padding before the next one.
static inline size_t CLinux_CMSG_SPACE(size_t length) {
    return CMSG_SPACE(length);
}

#endif
