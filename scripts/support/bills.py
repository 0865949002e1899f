"""Holds bills of materials against CycloneDX's own schema, and against what has to be in each of them.

usage: bills.py BILL…
"""
import json, pathlib, sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

# Linked into the program or loaded by it, whatever the release.
ALWAYS = ["pkg:swift/github.com/apple/swift-nio@", "pkg:generic/swift@", "/libnghttp2-14@", "/libyaml-0-2@", "/libsqlite3-0@", "/zlib1g@", "/libssl3"]
NEVER = ["swift-nio-ssl"]

for path in sys.argv[1:]:
    text = pathlib.Path(path).read_text()
    name = pathlib.Path(path).name
    if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text): sys.exit(f"{name}: {error}")
    bill = json.loads(text)
    purls = [component["purl"] for component in bill["components"]]
    for part in ALWAYS:
        if not any(part in purl for purl in purls): sys.exit(f"{name}: has nothing with {part} in it: {purls}")
    for part in NEVER:
        if any(part in purl for purl in purls): sys.exit(f"{name}: has {part}, which only the tests use")
    if unlicensed := [component["name"] for component in bill["components"]
                      if component["purl"].startswith("pkg:swift/") and "licenses" not in component]:
        sys.exit(f"{name}: the licence of {', '.join(unlicensed)} is not known: see licence_of in scripts/sbom")
    print(f"{name}: valid, {len(purls)} components")
