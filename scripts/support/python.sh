# A Python of the tools' own with one module from PyPI: nothing is installed beside the system's. To be sourced.

# has_module FOLDER MODULE: whether FOLDER/python is there and has it.
has_module() { "$1/python/bin/python3" -c "import $2" 2>/dev/null; }

# get_module FOLDER MODULE VERSIONS: makes FOLDER/python with it, if it is missing.
get_module() {
    if has_module "$1" "$2"; then return; fi
    printf '%s: installing %s into %s/python\n' "${0##*/}" "$2" "$1" >&2
    rm -rf "$1/python"
    mkdir -p "$1"
    python3 -m venv "$1/python"
    "$1/python/bin/python3" -m pip install -q --disable-pip-version-check "$2$3" >&2
}
