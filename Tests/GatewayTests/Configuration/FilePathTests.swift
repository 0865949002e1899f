import Testing

@testable import Gateway
@testable import GatewayConfiguration

@Suite("Paths")
struct FilePathTests {
    @Test(
        "are simplified as they are written",
        arguments: [
            ("/a/b", "/a/b"), ("/a//b/", "/a/b"), ("/a/./b/.", "/a/b"), ("/a/../b", "/b"), ("/../..", "/"), ("/", "/"),
            ("/a/b/../../c", "/c"), ("/a/..b", "/a/..b"),
        ]
    )
    func simplified(path: String, expected: String) {
        #expect(FilePath.simplified(path) == expected)
    }

    @Test("begin in the working directory, which is absolute")
    func workingDirectory() {
        #expect(FilePath.workingDirectory().hasPrefix("/"))
    }
}
