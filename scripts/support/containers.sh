# buildah and podman with images and containers of the project's own, in .build/containers, and without a daemon. To be sourced.
# Who is in a container already, or has cgroups of version 1, can use them too.

containers=$PWD/.build/containers
mkdir -p "$containers"
runtime=crun
# crun knows no machine that has both versions.
if [ "$(stat -fc %T /sys/fs/cgroup)" != cgroup2fs ] || ! command -v crun >/dev/null 2>&1; then runtime=runc; fi
# Limits that a root without CAP_SYS_RESOURCE may set as well.
cat >"$containers/containers.conf" <<SETTINGS
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "$runtime"
SETTINGS
cat >"$containers/storage.conf" <<SETTINGS
[storage]
driver = "overlay"
graphroot = "$containers/storage"
runroot = "$containers/run"
SETTINGS
export CONTAINERS_CONF=$containers/containers.conf CONTAINERS_STORAGE_CONF=$containers/storage.conf
