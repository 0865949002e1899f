"""Has schemathesis ask a running gateway all that its description says: api.py PROGRAM FOLDER"""
import os, pathlib, subprocess, sys
from demo import Demo

PROGRAM, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
SUPPORT = pathlib.Path(__file__).parent

OPTIONS = [
    "--checks", "all",
    # A range that ends before it begins, and a cursor that is not known any more, fit every schema and are refused.
    "--exclude-checks", "positive_data_acceptance",
    "--phases", "examples,coverage,fuzzing",  # The fourth, stateful, needs resources that are made and removed.
    "--max-examples", "60", "--max-time", "60",
    # A machine that is busy, or held for a while, is nobody's fault.
    "--request-timeout", "120", "--max-response-time", "120",
    # The same questions each time: what fails, fails again.
    "--seed", "1", "--generation-database", "none", "--continue-on-failure",
    # Each request on a connection of its own; see addresses.py.
    "--header", "Connection: close",
]

with Demo(PROGRAM, 12) as demo:
    site = demo.site.replace("localhost", "127.0.0.1")
    run = subprocess.run(
        [FOLDER / "python/bin/schemathesis", "--config-file", SUPPORT / "schemathesis.toml", "run",
         f"{site}/openapi.json", "--tls-verify", demo.certificate, "--header", f"Authorization: Bearer {demo.token}", *OPTIONS],
        cwd=FOLDER, env={**os.environ, "SCHEMATHESIS_HOOKS": "addresses", "PYTHONPATH": str(SUPPORT)})
sys.exit(run.returncode)
