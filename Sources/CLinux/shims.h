// What glibc and Linux have as macros, each as one inline function prefixed CLinux_, and headers that Swift's Glibc leaves out.
#ifndef CLINUX_SHIMS_H
#define CLINUX_SHIMS_H

#include <netinet/in.h>
#include <arpa/nameser.h>
#include <resolv.h>
#include <string.h>
#include <sys/timex.h>
#include <linux/filter.h>
#include <spawn.h>
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

// GNU extensions, which the headers show to whoever defines _GNU_SOURCE before all of them.
extern int pipe2(int descriptors[2], int flags);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int first);

/// A pipe whose ends no other program inherits: pipe2(2) with O_CLOEXEC.
static inline int CLinux_pipe(int descriptors[2], int flags) {
    return pipe2(descriptors, flags);
}

/// Has the program that is started close all descriptors from this one on (glibc 2.34).
static inline int CLinux_posix_spawn_addclosefrom(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

/// Sends a message to the DNS servers of /etc/resolv.conf, to each once with so many seconds for its answer (resolver(3)). Returns how long
/// the answer is, or -1.
static inline int CLinux_resolver_send(
    const unsigned char *message, int length, unsigned char *answer, int capacity, int seconds
) {
    struct __res_state state;
    memset(&state, 0, sizeof state);
    if (res_ninit(&state) != 0) return -1;
    state.retrans = seconds;
    state.retry = 1;
    int count = res_nsend(&state, message, length, answer, capacity);
    res_nclose(&state);
    return count < capacity ? count : capacity;
}

#endif
