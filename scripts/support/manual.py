"""Manual pages from what `hysteria-gateway --experimental-dump-help` says: one of the program, one of each command.

usage: hysteria-gateway --experimental-dump-help | manual.py VERSION TIME FOLDER
"""
import json, pathlib, sys, time

FILES = """\
.SH FILES
.TP
.I /etc/hysteria-gateway/config.yaml
The configuration. Every key of it is in
.IR /usr/share/doc/hysteria-gateway/README.md .
.TP
.I /usr/share/doc/hysteria-gateway/docs/operations.md
Exit codes, signals, reload, restart and upgrade.
"""


def escaped(text):
    """As roff takes it: no line is a request, and hyphens can be copied."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def prose(text):
    """Paragraphs; what is indented stays as it is."""
    lines = []
    for paragraph in text.strip("\n").split("\n\n"):
        if paragraph.startswith(" "):
            lines += [".PP", ".nf", escaped(paragraph), ".fi"]
        else:
            lines += [".PP", escaped(paragraph)]
    return lines


def spelled(name):
    return ("-" if name["kind"] == "short" else "--") + name["name"]


def title(argument):
    if argument["kind"] == "positional": return f"\\fI{escaped(argument['valueName'])}\\fR"
    names = ", ".join(f"\\fB{escaped(spelled(name))}\\fR" for name in argument["names"])
    return names if argument["kind"] == "flag" else f"{names} \\fI{escaped(argument['valueName'])}\\fR"


def in_synopsis(argument):
    if argument["kind"] == "positional":
        text = f"\\fI{escaped(argument['valueName'])}\\fR"
    else:
        text = f"\\fB{escaped(spelled(argument['preferredName']))}\\fR"
        if argument["kind"] == "option": text += f" \\fI{escaped(argument['valueName'])}\\fR"
    if argument["isRepeating"]: text += " ..."
    return f"[{text}]" if argument["isOptional"] else text


def described(arguments):
    lines = []
    for argument in arguments:
        text = argument.get("abstract", "")
        if "defaultValue" in argument and argument["kind"] != "flag": text += f" (default: {argument['defaultValue']})"
        lines += [".TP", title(argument), escaped(text.strip())]
    return lines


def page(command, names, version, date, others):
    name = "-".join(names)
    arguments = [argument for argument in command.get("arguments", []) if argument.get("shouldDisplay", True)]
    subcommands = [each for each in command.get("subcommands", []) if each.get("shouldDisplay", True)]
    synopsis = " ".join(["\\fB" + escaped(" ".join(names)) + "\\fR", *map(in_synopsis, arguments)])
    lines = [f'.TH {escaped(name).upper()} 1 "{date}" "hysteria\\-gateway {version}" "User Commands"',
             ".SH NAME", f"{escaped(name)} \\- {escaped(command['abstract'].rstrip('.'))}",
             ".SH SYNOPSIS", synopsis + (" \\fIcommand\\fR ..." if subcommands else ""),
             ".SH DESCRIPTION", *prose(command["abstract"] + "\n\n" + command.get("discussion", ""))]
    if subcommands:
        lines.append(".SH COMMANDS")
        for each in subcommands:
            lines += [".TP", f"\\fB{escaped(each['commandName'])}\\fR", escaped(each["abstract"])]
    if arguments: lines += [".SH OPTIONS", *described(arguments)]
    others = [other for other in others if other != name]
    return "\n".join(lines) + "\n" + FILES + ".SH SEE ALSO\n" + ",\n".join(f".BR {escaped(other)} (1)" for other in others) + "\n"


def pages(command, names=()):
    """Every command with its names. The parser's own `help` is told of in each page's options."""
    names = (*names, command["commandName"])
    yield names, command
    for each in command.get("subcommands", []):
        if each["commandName"] != "help" and each.get("shouldDisplay", True): yield from pages(each, names)


if __name__ == "__main__":
    if len(sys.argv) != 4: sys.exit(__doc__)
    version, date = sys.argv[1], time.strftime("%Y-%m-%d", time.gmtime(int(sys.argv[2])))
    found = list(pages(json.load(sys.stdin)["command"]))
    titles = ["-".join(names) for names, _ in found]
    for names, command in found:
        (pathlib.Path(sys.argv[3]) / f"{'-'.join(names)}.1").write_text(page(command, names, version, date, titles))
