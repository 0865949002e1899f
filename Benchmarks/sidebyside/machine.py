"""The machine: which cores serve and which call, and how many files a process may have open."""
import os, platform, resource

# 10,000 connections, each with one to the upstream, and some more.
WANTED_DESCRIPTORS = 65_536


def server_cores(threads):
    """The first ones, one for each thread."""
    return _all_cores()[:threads]


def load_cores():
    """For the callers and the upstream: those that no server has; of two cores, the one that only servers with two
    threads share."""
    cores = _all_cores()
    return cores[2:] or cores[1:] or cores


def as_text(cores):
    """As taskset(1) takes them."""
    return ",".join(map(str, cores))


def _all_cores():
    return sorted(os.sched_getaffinity(0))


def raise_descriptor_limit():
    """Lets this process, and those that it starts, have as many files open as they need or may. Returns the number."""
    _, allowed = resource.getrlimit(resource.RLIMIT_NOFILE)
    for limits in ((WANTED_DESCRIPTORS, max(WANTED_DESCRIPTORS, allowed)), (min(WANTED_DESCRIPTORS, allowed), allowed)):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
            break
        except (ValueError, PermissionError):
            continue
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def description():
    """One line about the machine and what else it does now."""
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"{_processor()}, {len(_all_cores())} cores, Linux {platform.release()}, load {load}"


def _processor():
    try:
        with open("/proc/cpuinfo") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()
