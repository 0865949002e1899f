# A Python of the tools' own with one module from PyPI: nothing is installed beside the system's. To be sourced.

# has_module FOLDER MODULE: whether FOLDER/python is there and has it.
has_module() { "$1/python/bin/python3" -c "import $2" 2>/dev/null; }

# get_module FOLDER MODULE VERSIONS [PACKAGE]: makes FOLDER/python with it, if it is missing; PACKAGE where it has another name.
get_module() { has_module "$1" "$2" || get_package "$1" "${4:-$2}$3"; }

# get_program FOLDER PROGRAM PACKAGE: makes FOLDER/python/bin/PROGRAM, if it is missing.
get_program() { [ -x "$1/python/bin/$2" ] || get_package "$1" "$3"; }

# get_package FOLDER PACKAGE: makes a new FOLDER/python with it.
get_package() {
    printf '%s: installing %s into %s/python\n' "${0##*/}" "$2" "$1" >&2
    rm -rf "$1/python"
    mkdir -p "$1"
    python3 -m venv "$1/python"
    "$1/python/bin/python3" -m pip install -q --disable-pip-version-check "$2" >&2
}
