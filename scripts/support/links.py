"""Whether the links between the documents in a folder lead to files in it.

usage: links.py FOLDER
"""
import pathlib, re, sys


def broken(folder):
    for document in sorted(folder.rglob("*.md")):
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text()):
            if re.match(r"[a-z]+:", link): continue
            target = (document.parent / link).resolve()
            if not target.exists() or not target.is_relative_to(folder): yield f"{document.relative_to(folder)}: {link}"


if __name__ == "__main__":
    if len(sys.argv) != 2: sys.exit(__doc__)
    found = list(broken(pathlib.Path(sys.argv[1]).resolve()))
    if found: sys.exit("links that lead nowhere:\n" + "\n".join(found))
