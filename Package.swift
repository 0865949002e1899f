// swift-tools-version: 6.1
import PackageDescription

// CI sets this to turn warnings into errors. It is not the default: a newer compiler that warns of something
// new must not stop anybody's build.
let strict = Context.environment["WARNINGS_AS_ERRORS"] == "1"
let swiftSettings: [SwiftSetting] = strict ? [.unsafeFlags(["-warnings-as-errors"])] : []

// The program to be run has Swift's library inside, and what a connection runs through in one place: a connection is
// code that runs once in a millisecond, and costs less from few pages (docs/performance.md). `Benchmarks/order-symbols`
// writes the list. `scripts/build` has each function placed by itself, where this alone can place whole files.
let whereItCounts = BuildSettingCondition.when(platforms: [.linux], configuration: .release)
// What the static FoundationEssentials of ArgumentParser rests on, and names only to those who import it.
let foundation = ["-l_FoundationCollections", "-l_FoundationCShims"]
let symbolOrder = [
    "-Xlinker", "--gc-sections", "-Xlinker", "--no-export-dynamic",
    "-Xlinker", "--symbol-ordering-file=\(Context.packageDirectory)/packaging/symbol-order",
    "-Xlinker", "--no-warn-symbol-ordering",
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioConcurrency = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let atomics = Target.Dependency.product(name: "Atomics", package: "swift-atomics")

let package = Package(
    name: "hysteria-gateway",
    products: [
        .executable(name: "hysteria-gateway", targets: ["hysteria-gateway"]),
        .library(name: "NIOOpenSSL", targets: ["NIOOpenSSL"]),
    ],
    // Exact, so that the same sources give the same program.
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-atomics.git", exact: "1.3.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
        // What the libraries above bring into the program. Nothing here imports them.
        .package(url: "https://github.com/apple/swift-async-algorithms.git", exact: "1.1.4"),
        .package(url: "https://github.com/apple/swift-collections.git", exact: "1.6.0"),
        // A TLS peer that shares no code with ours. Tests only.
        .package(url: "https://github.com/apple/swift-nio-ssl.git", exact: "2.37.6"),
    ],
    targets: [
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CNGHTTP2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CLinux"),
        .target(name: "Text", swiftSettings: swiftSettings),
        .target(name: "Time", swiftSettings: swiftSettings),
        .target(name: "OpenSSLCrypto", dependencies: ["COpenSSL"], swiftSettings: swiftSettings),
        .target(
            name: "LoopTimers",
            dependencies: [nioCore, nioPosix],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "NIOOpenSSL",
            dependencies: ["COpenSSL", "LoopTimers", "Text", nioCore, nioPosix, nioConcurrency],
            swiftSettings: swiftSettings
        ),
        .target(name: "LibYAML", dependencies: ["CYAML"], swiftSettings: swiftSettings),
        .target(name: "LibSQLite", dependencies: ["CSQLite"], swiftSettings: swiftSettings),
        .target(name: "LibZlib", dependencies: ["CZlib"], swiftSettings: swiftSettings),
        .target(name: "Ledger", dependencies: ["LibSQLite", "Text", "Time"], swiftSettings: swiftSettings),
        .target(name: "JSON", dependencies: ["Text", nioCore], swiftSettings: swiftSettings),
        .target(name: "HTTPClient", dependencies: ["Text", nioCore], swiftSettings: swiftSettings),
        .target(
            name: "ACME",
            dependencies: [
                "CLinux", "HTTPClient", "JSON", "NIOOpenSSL", "OpenSSLCrypto", "Text", "Time", nioCore,
                nioPosix,
                nioConcurrency,
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "HysteriaStats",
            dependencies: ["HTTPClient", "JSON", "LibYAML", "Text", nioCore, nioPosix],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "HysteriaSimulator",
            dependencies: ["HysteriaStats", "JSON", "Text", "Time", nioCore, nioPosix],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "AnswerViews",
            dependencies: ["HysteriaStats", "JSON", "Ledger", "Text", "Time", nioCore],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "HTTPServer",
            dependencies: ["CNGHTTP2", "Text", "Time", "LoopTimers", "NIOOpenSSL", nioCore, logging],
            swiftSettings: swiftSettings
        ),
        .target(name: "Access", dependencies: ["Text", "OpenSSLCrypto", nioCore], swiftSettings: swiftSettings),
        .target(
            name: "GatewayConfiguration",
            dependencies: [
                "ACME", "Access", "HysteriaStats", "LibYAML", "NIOOpenSSL", "OpenSSLCrypto", "Text", "Time", nioCore,
                logging,
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "Gateway",
            dependencies: [
                "ACME", "Access", "AnswerViews", "CLinux", "GatewayConfiguration", "HTTPServer", "JSON", "Ledger",
                "LibZlib", "OpenSSLCrypto", "Text",
                "Time", "LoopTimers",
                "NIOOpenSSL", "HysteriaStats", nioCore, nioPosix, nioConcurrency, atomics, logging,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("Embedded/page.html"), .embedInCode("Embedded/openapi.json")],
            swiftSettings: swiftSettings
        ),
        // What comes before Swift's runtime: the arguments, the standard streams, and what libdispatch may do to threads.
        .target(name: "CProcessStart"),
        .executableTarget(
            name: "hysteria-gateway",
            dependencies: [
                "ACME", "Access", "CProcessStart", "Gateway", "GatewayConfiguration", "HysteriaSimulator",
                "HysteriaStats", "Ledger", "NIOOpenSSL", "Time",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncAlgorithms", package: "swift-async-algorithms"),
                .product(name: "DequeModule", package: "swift-collections"),
            ],
            swiftSettings: swiftSettings + [.unsafeFlags(["-static-stdlib"], whereItCounts)],
            linkerSettings: [.unsafeFlags(["-static-stdlib", "-use-ld=lld"] + foundation + symbolOrder, whereItCounts)]
        ),
        // Data for the tests of the parser and of the whole program.
        .target(name: "RequestShapes", path: "Tests/RequestShapes", swiftSettings: swiftSettings),
        // What both hold answers to.
        .target(name: "DescribedAPI", path: "Tests/DescribedAPI", swiftSettings: swiftSettings),
        // Where tests listen that close a port and count on it.
        .target(
            name: "OwnHosts",
            dependencies: ["HysteriaSimulator", nioCore, nioPosix],
            path: "Tests/OwnHosts",
            swiftSettings: swiftSettings
        ),
        // An authority for certificates, for tests.
        .target(
            name: "AuthoritySimulator",
            dependencies: [
                "COpenSSL", "JSON", "NIOOpenSSL", "OpenSSLCrypto", "Text", "Time", nioCore, nioPosix, nioHTTP1,
            ],
            path: "Tests/AuthoritySimulator",
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "authority-simulator",
            dependencies: ["AuthoritySimulator"],
            path: "Tests/AuthoritySimulatorProgram",
            swiftSettings: swiftSettings
        ),
        .target(name: "Gunzip", dependencies: ["CZlib"], path: "Tests/Gunzip", swiftSettings: swiftSettings),
        .target(name: "SeededRandom", path: "Tests/SeededRandom", swiftSettings: swiftSettings),
        .testTarget(name: "JSONTests", dependencies: ["JSON", "SeededRandom", nioCore], swiftSettings: swiftSettings),
        .testTarget(
            name: "HTTPClientTests",
            dependencies: ["HTTPClient", "SeededRandom", "Text", nioCore, nioEmbedded, nioHTTP1],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "ACMETests",
            dependencies: [
                "ACME", "AuthoritySimulator", "COpenSSL", "HTTPClient", "JSON", "NIOOpenSSL", "OpenSSLCrypto",
                "SeededRandom", "Text", "Time", nioCore, nioPosix, nioEmbedded, nioHTTP1, nioConcurrency,
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(name: "TextTests", dependencies: ["Text"], swiftSettings: swiftSettings),
        .testTarget(
            name: "LoopTimersTests",
            dependencies: ["LoopTimers", nioCore, nioEmbedded],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "NIOOpenSSLTests",
            dependencies: ["NIOOpenSSL", "COpenSSL", nioCore, nioPosix, nioEmbedded, nioSSL],
            swiftSettings: swiftSettings
        ),
        .testTarget(name: "LibSQLiteTests", dependencies: ["LibSQLite"], swiftSettings: swiftSettings),
        .testTarget(name: "LibZlibTests", dependencies: ["CZlib", "Gunzip", "LibZlib"], swiftSettings: swiftSettings),
        .testTarget(
            name: "LedgerTests",
            dependencies: ["Ledger", "LibSQLite", "Text", "Time"],
            swiftSettings: swiftSettings
        ),
        .testTarget(name: "LibYAMLTests", dependencies: ["LibYAML"], swiftSettings: swiftSettings),
        .testTarget(
            name: "HysteriaStatsTests",
            dependencies: [
                "HysteriaStats", "HysteriaSimulator", "JSON", "Text", "OwnHosts", nioCore, nioPosix, nioEmbedded,
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "AnswerViewsTests",
            dependencies: ["AnswerViews", "HysteriaStats", "JSON", "Ledger", "Text", "Time", nioCore],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "Access", "Gateway", "GatewayConfiguration", "HTTPServer", "CNGHTTP2", "Gunzip", "HysteriaStats",
                "LibZlib",
                "HysteriaSimulator",
                "COpenSSL", "Text", "Time", "RequestShapes",
                "DescribedAPI", "OwnHosts", nioCore, nioPosix, nioEmbedded, nioHTTP1,
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Access", "Gateway", "GatewayConfiguration", "NIOOpenSSL", "HysteriaStats", "HysteriaSimulator",
                "RequestShapes",
                "DescribedAPI", "OwnHosts",
                "hysteria-gateway", nioCore, nioPosix, nioTLS, nioSSL,
            ],
            swiftSettings: swiftSettings
        ),
    ]
)

// scripts/fuzz sets this to the path of libFuzzer, and gets its program instead of the tests.
if let libFuzzer = Context.environment["LIBFUZZER"] {
    let coverage = SwiftSetting.unsafeFlags([
        "-sanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp,indirect-calls"
    ])
    package.targets.removeAll { $0.type == .test }
    for target in package.targets
    where [
        "ACME", "Access", "Gateway", "GatewayConfiguration", "HTTPClient", "HTTPServer", "HysteriaStats", "JSON",
        "Text",
    ].contains(target.name) {
        target.swiftSettings = (target.swiftSettings ?? []) + [coverage]
    }
    package.targets.append(
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "ACME", "Access", "Gateway", "GatewayConfiguration", "HTTPClient", "HTTPServer", "CNGHTTP2",
                "HysteriaStats",
                "HysteriaSimulator", "JSON",
                "Text", "Time", nioCore, nioEmbedded,
                nioHTTP1, logging,
            ],
            path: "Tests/Fuzzing",
            swiftSettings: swiftSettings,
            linkerSettings: [.unsafeFlags(["-Xlinker", libFuzzer, "-lstdc++"])]
        )
    )
}
