// For valgrind up to 3.19, which writes into the mask that a program hands to sigsuspend(2), and ends with a fault where
// the mask is a constant, as in Swift's libdispatch. Preloaded, this hands it a copy.
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int sigsuspend(const sigset_t *mask)
{
    sigset_t copy = *mask;
    return (int)syscall(SYS_rt_sigsuspend, &copy, _NSIG / 8);
}
