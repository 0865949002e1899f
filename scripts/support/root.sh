# A small root of this machine's distribution, from the sources and through the proxy that this machine's apt-get uses. To be sourced.

# make_root PACKAGE,PACKAGE ARCHIVE: writes a tar file with them and what they depend on. Has to be root.
make_root() {
    local suite settings
    suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
    settings=$(mktemp)
    apt-config dump | grep -E '^Acquire::https?::Proxy' >"$settings" || true
    mkdir -p "$(dirname "$2")"
    apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk -v suite="$suite" '{ of = $(NF - 1) } of == suite || index(of, suite "-") == 1' | sort -u |
        mmdebstrap --quiet --variant=minbase --include="$1" --aptopt="$settings" "$suite" "$2.new.tar" -
    rm -f "$settings"
    mv "$2.new.tar" "$2"
}
