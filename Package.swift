// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "onderdak",
    products: [
        .executable(name: "onderdak", targets: ["onderdak"]),
        .library(name: "CareChain", targets: ["CareChain"]),
        .library(name: "Planning", targets: ["Planning"]),
        .library(name: "Ledger", targets: ["Ledger"]),
        .library(name: "API", targets: ["API"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        // C libraries: header and module map, nothing else.
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CHighs", pkgConfig: "highs", providers: [.apt(["libhighs-dev"])]),

        .target(name: "LinearProgramming", dependencies: ["CHighs"], swiftSettings: settings),
        .target(name: "CareChain", swiftSettings: settings),
        .target(
            name: "Planning",
            dependencies: [
                "CareChain", "LinearProgramming", .product(name: "Collections", package: "swift-collections"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Postgres",
            dependencies: [
                "CLibpq",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Countries",
            dependencies: ["CareChain", .product(name: "SwiftCSV", package: "SwiftCSV")],
            exclude: ["embedded-files.txt"],
            swiftSettings: settings,
            plugins: ["EmbedFilesPlugin"]
        ),
        .target(
            name: "Ledger",
            dependencies: [
                "CareChain", "Countries", "Postgres", .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["embedded-files.txt"],
            swiftSettings: settings,
            plugins: ["EmbedFilesPlugin"]
        ),
        .target(
            name: "API",
            dependencies: [
                "CareChain", "Ledger", "LinearProgramming", "Planning", "Postgres",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SwiftCSV", package: "SwiftCSV"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            exclude: ["Document", "embedded-files.txt"],
            swiftSettings: settings,
            plugins: ["EmbedFilesPlugin"]
        ),
        .executableTarget(
            name: "onderdak",
            dependencies: [
                "API", "CareChain", "Countries", "Ledger", "LinearProgramming", "Planning", "Postgres",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SwiftCSV", package: "SwiftCSV"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            // Its commands are thin, and some of their coroutines crash the optimiser (Swift 6.3.1, CoroSplit).
            swiftSettings: settings + [.unsafeFlags(["-Onone"], .when(configuration: .release))]
        ),

        // Text files of the project that the binary carries, so that it runs from any folder.
        .executableTarget(name: "embed-files", swiftSettings: settings),
        .plugin(name: "EmbedFilesPlugin", capability: .buildTool(), dependencies: ["embed-files"]),

        .target(
            name: "TestSupport",
            dependencies: ["CareChain", "Ledger", "Postgres"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        .testTarget(name: "LinearProgrammingTests", dependencies: ["LinearProgramming"], swiftSettings: settings),
        .testTarget(name: "CareChainTests", dependencies: ["CareChain", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "PlanningTests",
            dependencies: ["CareChain", "LinearProgramming", "Planning", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PostgresTests",
            dependencies: [
                "Postgres", "TestSupport",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CountriesTests",
            dependencies: ["CareChain", "Countries", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "LedgerTests",
            dependencies: ["CareChain", "Countries", "Ledger", "Planning", "Postgres", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "APITests",
            dependencies: [
                "API", "CareChain", "Ledger", "Postgres", "TestSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CommandTests",
            dependencies: ["CareChain", "Planning", "Postgres", "TestSupport"],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)
