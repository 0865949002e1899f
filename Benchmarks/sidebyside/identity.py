"""The certificate and key that all servers have."""
import subprocess

KINDS = {"ecdsa": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa": ["-newkey", "rsa:2048"]}


def make(folder, kind):
    """Writes certificate.pem, key.pem and both.pem, for localhost."""
    folder.mkdir()
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", *KINDS[kind], "-nodes", "-days", "30", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True)
    both = folder / "both.pem"
    both.touch(0o600)
    both.write_text(certificate.read_text() + key.read_text())
    return folder
