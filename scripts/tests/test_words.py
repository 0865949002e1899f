"""Whether the documents use the field's words where their topic is, and whether the riddles that they replaced stay away."""
import pathlib, re, subprocess, unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# What people search for, and the documents where they have to find it.
WORDS = {
    "TLS termination|terminates TLS": ["README.md", "CHANGELOG.md", "docs/tls.md"],
    "mTLS": ["README.md", "CHANGELOG.md", "docs/tls.md", "docs/security.md", "docs/nio-openssl.md", "docs/container.md"],
    "CSRF": ["README.md", "CHANGELOG.md", "docs/api.md", "docs/security.md"],
    "CORS": ["CHANGELOG.md", "docs/api.md", "docs/security.md"],
    "HSTS": ["README.md", "CHANGELOG.md", "docs/api.md", "docs/tls.md", "docs/security.md"],
    "graceful shutdown|shuts down gracefully": ["README.md", "CHANGELOG.md", "docs/operations.md", "docs/http.md", "docs/container.md"],
    "in-flight|in flight": ["README.md", "docs/operations.md", "docs/http.md", "CONTRIBUTING.md"],
    "zero.downtime": ["README.md", "CHANGELOG.md", "docs/operations.md"],
    "hot reload": ["README.md", "CHANGELOG.md", "docs/operations.md", "certs/README.md"],
    "backpressure": ["docs/http.md", "docs/security.md"],
    "rate limit": ["README.md", "CHANGELOG.md", "docs/api.md", "docs/security.md", "docs/metrics.md"],
    "keep-alive": ["README.md", "docs/http.md", "docs/operations.md", "docs/performance.md"],
    "whitespace": ["docs/http.md", "CHANGELOG.md"],
    "self-signed": ["README.md", "certs/README.md", "docs/tls.md"],
    "SNI": ["README.md", "CHANGELOG.md", "certs/README.md"],
    "certificate chain": ["CHANGELOG.md", "docs/tls.md"],
    "session ticket": ["CHANGELOG.md", "docs/tls.md", "docs/nio-openssl.md"],
    "request smuggling": ["docs/http.md", "docs/security.md"],
    "flood protection": ["docs/http.md", "CHANGELOG.md", "docs/metrics.md"],
    "health check": ["README.md", "docs/operations.md", "docs/container.md"],
    "socket activation": ["docs/operations.md", "CHANGELOG.md"],
    "cardinality": ["docs/metrics.md"],
    "percentile": ["docs/performance.md"],
    "threat model": ["README.md", "docs/security.md"],
    "billing period": ["README.md", "CHANGELOG.md", "docs/ledger.md", "docs/api.md", "packaging/config.yaml"],
    "quota": ["README.md", "CHANGELOG.md", "docs/ledger.md", "docs/api.md", "docs/monitoring/README.md"],
    "Idempotency-Key": ["README.md", "CHANGELOG.md", "docs/ledger.md", "docs/api.md"],
    "at most once": ["docs/ledger.md"],
    "ACME": ["README.md", "CHANGELOG.md", "docs/acme.md", "docs/security.md"],
    "Let's Encrypt": ["README.md", "CHANGELOG.md", "docs/acme.md", "packaging/config.yaml"],
    "renewal": ["docs/acme.md", "CHANGELOG.md"],
    "placeholder": ["docs/acme.md", "CHANGELOG.md", "docs/metrics.md"],
    "backup": ["README.md", "CHANGELOG.md", "docs/ledger.md"],
}
CHINESE = ["TLS 终止", "双向 TLS", "优雅退出", "限流", "自签名证书", "热重载", "不停机", "长连接", "防 CSRF", "HSTS", "健康检查", "账本", "账期",
           "配额", "重试"]

# In comments, messages and documents: nobody can guess what they mean, or search for it.
RIDDLES = [
    "The places that the dynamic linker has to adjust, packed",
    "check at run time that nobody changes a value while another one does",
    "It ends TLS itself",
    "What does not hold as a whole changes nothing",
    "A mistake never starts half a gateway",
    "who shows one must show a good one",
    "users beyond are in the sums",
    "is in nobody's way",
    "is no matter to the old one",
    "stops the gateway in order",
    "gives what is under way ten seconds",
    "Blanks around a value do not belong to it",
    "bytes that come now and then win no time",
    "What a connection and a request run through put side by side",
    "every connection takes it along through several closures",
    "because somebody entered it once",
    "run the script apply the style",
    "what held before holds on",
    "for those to whom it does not matter",
]
# Of these the field has another word, always.
WRONG = ["under way", "vouches for itself", "goodbye", "anew", "turns nobody away"]


def plain(text):
    """Without what wraps lines: comment marks and line breaks."""
    return re.sub(r"\s+", " ", re.sub(r"\n *(///?|#) ?", " ", text))


def tracked(*patterns):
    found = subprocess.run(["git", "ls-files", "--", *patterns], cwd=ROOT, text=True, capture_output=True).stdout.split("\n")
    # A release's sources have no repository.
    if not any(found):
        found = [str(path.relative_to(ROOT)) for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()]
    return [ROOT / name for name in found if name and (ROOT / name).is_file()]


def documents():
    return tracked("*.md", "docs/*.md", "docs/*/*.md", "certs/*.md")


class WordTests(unittest.TestCase):
    def test_topics_are_found_by_their_usual_names(self):
        for word, names in WORDS.items():
            for name in names:
                with self.subTest(word=word, document=name):
                    self.assertRegex(plain((ROOT / name).read_text()), re.compile(word, re.I))

    def test_the_chinese_readme_has_the_usual_terms(self):
        text = (ROOT / "README.zh-CN.md").read_text()
        for word in CHINESE:
            self.assertIn(word, text)

    def test_no_riddle_comes_back(self):
        for path in tracked("*.md", "Sources/**", "scripts/**", "packaging/**", "docs/**", "certs/**"):
            if path == pathlib.Path(__file__).resolve() or path.suffix in (".png", ".json") or path.name == "symbol-order": continue
            text = plain(path.read_text(errors="replace"))
            for riddle in RIDDLES:
                self.assertNotIn(riddle, text, path.relative_to(ROOT))

    def test_documents_say_it_in_the_fields_words(self):
        for path in documents():
            text = plain(path.read_text())
            for word in WRONG:
                self.assertNotRegex(text, rf"\b{word}\b", path.relative_to(ROOT))

    def test_operators_are_not_told_to_restart(self):
        text = (ROOT / "packaging/config.yaml").read_text()
        self.assertNotIn("systemctl restart", text)
        self.assertIn("reloads this file by itself", text)


if __name__ == "__main__":
    unittest.main()
