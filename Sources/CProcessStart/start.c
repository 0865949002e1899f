// What has to be done before anything else in the process: before Swift's runtime, libdispatch and the event loops.
#define _GNU_SOURCE
#include "CProcessStart.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stddef.h>
#include <sys/resource.h>

static int count;
static char **arguments;

/// A process can be started without standard streams. The first descriptors that it opens would take their place, and
/// log lines would go into an epoll or a connection.
static void open_standard_streams(void) {
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
        if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
        // The lowest free number is this one. Where there is no /dev, a place that is not writable is used.
        if (open("/dev/null", O_RDWR) < 0) (void)open("/", O_PATH | O_DIRECTORY);
    }
}

/// Memory of a megabyte or more, such as an answer about 50,000 users, is mapped: it grows without being copied, and goes back
/// to the system in no more time than it takes for what was used of it. glibc would take it from its heaps after the first one, whose
/// trimming took an event loop 5 ms.
static void map_large_memory(void) {
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, 2 << 20);
}

// glibc hands the arguments to constructors. Swift's `CommandLine` reads them from /proc, which a chroot may lack.
// Numbers up to 100 are the implementation's.
__attribute__((constructor(101))) static void start(int argc, char **argv) {
    count = argc;
    arguments = argv;
    open_standard_streams();
    map_large_memory();
}

int process_argument_count(void) { return count; }

const char *process_argument(int index) { return index >= 0 && index < count ? arguments[index] : NULL; }

/// Takes the place of the C library's. libdispatch calls it in each of its threads, to raise some and to put the others
/// back to 0, and logs what a process without privileges is refused. How nice the gateway is, is the administrator's
/// decision (`nice`, `Nice=` of a unit), and a sandbox may end a process for the attempt.
int setpriority(__priority_which_t which, id_t who, int priority) {
    (void)which, (void)who, (void)priority;
    return 0;
}
