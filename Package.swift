// swift-tools-version: 6.2
// This file is the diagram: rings from the inside out, rooms in the order in which a finding walks through them.
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// A room: one target below `Sources/RING/NAME`.
func room(_ ring: String, _ name: String, _ neighbours: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: neighbours, path: "Sources/\(ring)/\(name)", swiftSettings: strict)
}

/// The tests of a room, below `Tests/RING/NAMETests`.
func tests(_ ring: String, _ name: String, _ neighbours: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.target(name: name), "TestSupport"] + neighbours,
        path: "Tests/\(ring)/\(name)Tests",
        swiftSettings: strict
    )
}

/// A C library found by pkg-config, with nothing in its folder but a module map and a shim.
func library(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/Platform/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let core: [Target] = [
    room("Core", "Vocabulary"),
    room("Core", "Settings", ["Vocabulary"]),
    room("Core", "Findings", ["Vocabulary", "Settings"]),
    room("Core", "Envelopes", ["Vocabulary", "Findings"]),
    room("Core", "Expressions", ["Vocabulary"]),
    room("Core", "Patterns", ["Vocabulary"]),
    room("Core", "Playbooks", ["Vocabulary", "Expressions", "Patterns"]),
    room("Core", "Runs", ["Vocabulary"]),
    room("Core", "Planning", ["Vocabulary", "Findings", "Expressions", "Patterns", "Playbooks", "Runs"]),
]

let platform: [Target] = [
    library("CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
    library("COpenSSL", pkgConfig: "libcrypto", apt: "libssl-dev"),
    library("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
    library("CSQLite", pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
    library("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
    .systemLibrary(name: "CSpawn", path: "Sources/Platform/CSpawn"),
    room("Platform", "YAMLTree", ["CYAML", "Vocabulary"]),
    room("Platform", "OpenSSLCrypto", ["COpenSSL", "Vocabulary"]),
    room("Platform", "Gzip", ["CZlib", "Vocabulary"]),
    room("Platform", "Host", ["CSpawn", "Vocabulary"]),
    room("Platform", "SQLiteStore", ["CSQLite", "Host", "Vocabulary"]),
    room("Platform", "HTTPExchange", ["Vocabulary"]),
    room("Platform", "CurlHTTP", ["CCurl", "Host", "HTTPExchange", "Vocabulary"]),
]

let clients: [Target] = [
    room("Clients", "KubernetesAPI", ["Vocabulary", "HTTPExchange", "YAMLTree"]),
    room("Clients", "AWSAPI", ["Vocabulary", "Host", "OpenSSLCrypto", "HTTPExchange"]),
    room("Clients", "LambdaRuntime", ["Vocabulary", "HTTPExchange"]),
    room("Clients", "Rehearsal", ["Vocabulary", "HTTPExchange", "KubernetesAPI", "AWSAPI"]),
]

let actions: [Target] = [
    room("Actions", "NetworkReach", ["Vocabulary"]),
    room(
        "Actions",
        "Catalogue",
        [
            "Vocabulary", "Findings", "Playbooks", "Planning", "NetworkReach", "HTTPExchange", "KubernetesAPI",
            "AWSAPI",
        ]
    ),
]

let runtime: [Target] = [
    room(
        "Runtime",
        "Orchestration",
        [
            "Vocabulary", "Findings", "Expressions", "Playbooks", "Planning", "Runs",
            "HTTPExchange", "KubernetesAPI", "AWSAPI", "Catalogue",
        ]
    ),
    room(
        "Runtime",
        "Recording",
        ["Vocabulary", "Findings", "Expressions", "Playbooks", "Planning", "Runs", "SQLiteStore", "Orchestration"]
    ),
    room("Runtime", "Importing", ["Vocabulary", "HTTPExchange", "AWSAPI"]),
    room(
        "Runtime",
        "Ingestion",
        ["Vocabulary", "Findings", "Envelopes", "Gzip", "OpenSSLCrypto", "AWSAPI", "Importing"]
    ),
]

let commands: [Target] = [
    room(
        "Commands",
        "FirebreakCommand",
        [
            "Vocabulary", "Findings", "Expressions", "Patterns", "Playbooks", "Planning", "Runs",
            "Host", "YAMLTree", "OpenSSLCrypto", "HTTPExchange", "CurlHTTP", "KubernetesAPI", "AWSAPI", "Rehearsal",
            "SQLiteStore", "Catalogue", "Envelopes", "Ingestion", "Importing", "LambdaRuntime", "Orchestration",
            "Recording",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ]
    ),
    .executableTarget(
        name: "firebreak",
        dependencies: ["FirebreakCommand"],
        path: "Sources/Commands/firebreak",
        swiftSettings: strict
    ),
    room(
        "Commands",
        "ConformanceSuites",
        [
            "Vocabulary", "Findings", "Expressions", "Patterns", "Runs", "Host", "YAMLTree", "OpenSSLCrypto",
            "HTTPExchange", "KubernetesAPI", "AWSAPI", "Rehearsal", "Envelopes", "Ingestion",
        ]
    ),
    .executableTarget(
        name: "conformance",
        dependencies: ["ConformanceSuites", "Vocabulary"],
        path: "Sources/Commands/conformance",
        swiftSettings: strict
    ),
]

let support = Target.target(
    name: "TestSupport",
    dependencies: ["Vocabulary", "Playbooks", "YAMLTree"],
    path: "Tests/Support",
    swiftSettings: strict
)

/// Whole runs on a simulated clock, world and store, with crashes and faults from a seed.
let simulation = Target.testTarget(
    name: "SimulationTests",
    dependencies: [
        "TestSupport", "Vocabulary", "Findings", "Playbooks", "Planning", "Runs", "YAMLTree", "OpenSSLCrypto",
        "HTTPExchange", "KubernetesAPI", "AWSAPI", "Rehearsal", "Catalogue", "Orchestration", "Recording",
    ],
    path: "Tests/Simulation",
    exclude: ["mutants"],
    swiftSettings: strict
)

let proofs: [Target] = [
    support,
    tests("Core", "Vocabulary"),
    tests("Core", "Settings", ["Vocabulary", "YAMLTree"]),
    tests("Core", "Findings", ["Vocabulary", "OpenSSLCrypto", "YAMLTree"]),
    tests("Core", "Envelopes", ["Vocabulary", "Findings"]),
    tests("Core", "Expressions", ["Vocabulary"]),
    tests("Core", "Patterns", ["Vocabulary"]),
    tests("Core", "Playbooks", ["Vocabulary", "Expressions", "Patterns", "YAMLTree"]),
    tests("Core", "Runs", ["Vocabulary"]),
    tests("Core", "Planning", ["Vocabulary", "Expressions", "Findings", "Playbooks", "YAMLTree", "OpenSSLCrypto"]),
    tests("Platform", "YAMLTree", ["Vocabulary"]),
    tests("Platform", "OpenSSLCrypto"),
    tests("Platform", "Gzip"),
    tests("Platform", "SQLiteStore", ["Vocabulary"]),
    tests("Platform", "Host", ["Vocabulary"]),
    tests("Platform", "CurlHTTP", ["HTTPExchange", "Vocabulary"]),
    tests("Clients", "KubernetesAPI", ["Vocabulary", "HTTPExchange"]),
    tests("Clients", "AWSAPI", ["Vocabulary", "Host", "OpenSSLCrypto", "HTTPExchange"]),
    tests("Clients", "LambdaRuntime", ["Vocabulary", "HTTPExchange"]),
    tests("Clients", "Rehearsal", ["Vocabulary", "HTTPExchange", "KubernetesAPI", "AWSAPI", "YAMLTree"]),
    tests("Actions", "NetworkReach", ["Vocabulary"]),
    tests(
        "Actions",
        "Catalogue",
        [
            "Vocabulary", "Planning", "NetworkReach", "HTTPExchange", "KubernetesAPI", "AWSAPI", "Rehearsal",
            "YAMLTree", "OpenSSLCrypto",
        ]
    ),
    tests(
        "Runtime",
        "Orchestration",
        [
            "Vocabulary", "Findings", "Playbooks", "Planning", "Runs", "YAMLTree", "OpenSSLCrypto", "HTTPExchange",
            "KubernetesAPI", "AWSAPI", "Rehearsal", "Catalogue",
        ]
    ),
    tests("Runtime", "Importing", ["Vocabulary", "HTTPExchange", "AWSAPI"]),
    tests(
        "Runtime",
        "Recording",
        [
            "Vocabulary", "Findings", "Playbooks", "Planning", "Runs", "YAMLTree", "OpenSSLCrypto", "SQLiteStore",
            "Catalogue", "Orchestration",
        ]
    ),
    tests(
        "Runtime",
        "Ingestion",
        ["Vocabulary", "Findings", "Envelopes", "Gzip", "OpenSSLCrypto", "AWSAPI", "Importing"]
    ),
    tests("Commands", "ConformanceSuites", ["Vocabulary", "Runs"]),
    tests(
        "Commands",
        "FirebreakCommand",
        [
            "Vocabulary", "Findings", "Playbooks", "Planning", "Runs", "Orchestration", "Rehearsal", "YAMLTree",
            "OpenSSLCrypto",
        ]
    ),
    .testTarget(
        name: "EndToEndTests",
        dependencies: [
            "TestSupport", "Vocabulary", "HTTPExchange", "CurlHTTP", "KubernetesAPI", "AWSAPI", "Rehearsal", "YAMLTree",
            .target(name: "firebreak"),
        ],
        path: "Tests/EndToEndTests",
        swiftSettings: strict
    ),
    simulation,
    .testTarget(
        name: "ArchitectureTests",
        dependencies: ["TestSupport", "Vocabulary"],
        path: "Tests/ArchitectureTests",
        swiftSettings: strict
    ),
]

/// libFuzzer drivers, built only when asked for: they need `-sanitize=fuzzer` for every target.
let fuzzing: [Target] =
    Context.environment["FIREBREAK_FUZZ"] == nil
    ? []
    : ["YAML", "CEL", "Patterns", "Events", "Alerts", "Envelopes"].map { parser in
        .executableTarget(
            name: "Fuzz\(parser)",
            dependencies: [
                "Vocabulary", "Findings", "Envelopes", "Ingestion", "Expressions", "Patterns", "Playbooks", "YAMLTree",
            ],
            path: "Tests/Fuzz/\(parser)",
            exclude: ["corpus"],
            swiftSettings: strict
        )
    }

/// A program below `Tests/Benchmarks/NAME`.
func benchmark(_ name: String, _ neighbours: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name,
        dependencies: neighbours,
        path: "Tests/Benchmarks/\(name)",
        swiftSettings: strict
    )
}

/// Benchmarks, built only when asked for.
let measuring: [Target] =
    Context.environment["FIREBREAK_BENCH"] == nil
    ? []
    : [
        benchmark("StoreCommits", ["SQLiteStore", "CSQLite", "TestSupport", "Vocabulary"]),
        benchmark("HTTPTransfers", ["CurlHTTP", "CCurl", "HTTPExchange", "TestSupport"]),
        benchmark("Signatures", ["AWSAPI", "HTTPExchange", "TestSupport", "Vocabulary"]),
        benchmark(
            "ContainmentServer",
            ["AWSAPI", "HTTPExchange", "KubernetesAPI", "Rehearsal", "TestSupport", "Vocabulary", "YAMLTree"]
        ),
        .systemLibrary(
            name: "CInflate",
            path: "Tests/Benchmarks/CInflate",
            pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"])]
        ),
        benchmark("Ingestion", ["CInflate", "Findings", "OpenSSLCrypto", "TestSupport", "Vocabulary"]),
    ]

/// Only what the simulation needs, so that its mutants build quickly.
let isSimulation = Context.environment["FIREBREAK_SIMULATION"] != nil
let inner = core + platform + clients + actions + runtime

let package = Package(
    name: "firebreak",
    products: isSimulation
        ? []
        : [
            .executable(name: "firebreak", targets: ["firebreak"]),
            .executable(name: "conformance", targets: ["conformance"]),
        ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
    ],
    targets: isSimulation ? inner + [support, simulation] : inner + commands + proofs + fuzzing + measuring
)
