"""The gateway before a simulated Hysteria, for scripts that look at it as its callers do."""
import re, signal, subprocess


class Demo:
    """A running demo; to be used in a `with` statement, which ends it."""

    def __init__(self, program, users):
        command = [program, "demo", "--port", "0", "--users", str(users)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        text = ""
        for line in self.process.stdout:
            text += line
            if "Ctrl-C" in line: break
        self.site = re.search(r"https://localhost:\d+", text).group()
        self.token = re.search(r"^ +(hg_\S+)$", text, re.M).group(1)
        self.certificate = re.search(r"--cacert (\S+)", text).group(1)

    def __enter__(self): return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
