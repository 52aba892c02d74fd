// swift-tools-version:6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]
let wrapperSettings = settings + [.strictMemorySafety()]

let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// One target with the project's settings; its pages for readers are named, so that the build does not wonder about them.
func own(
    _ name: String,
    wrapper: Bool = false,
    pages: [String] = [],
    resources: [Resource] = [],
    _ dependencies: [Target.Dependency]
) -> Target {
    .target(
        name: name,
        dependencies: dependencies,
        exclude: pages,
        resources: resources,
        swiftSettings: wrapper ? wrapperSettings : settings
    )
}

/// One test target with the project's settings.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], exclude: exclude, swiftSettings: settings)
}

/// One C library of Debian's, found by pkg-config.
func clibrary(_ name: String, pkgConfig: String, package: String) -> Target {
    .systemLibrary(name: name, path: "Sources/CLibraries/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

let package = Package(
    name: "truvapay",
    products: [
        .executable(name: "truvapay", targets: ["truvapay"]),
        .executable(name: "truvapay-benchmarks", targets: ["Benchmarks"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    ],
    targets: [
        clibrary("CPostgreSQL", pkgConfig: "libpq", package: "libpq-dev"),
        clibrary("CCurl", pkgConfig: "libcurl", package: "libcurl4-openssl-dev"),
        clibrary("COpenSSL", pkgConfig: "openssl", package: "libssl-dev"),
        clibrary("CQREncode", pkgConfig: "libqrencode", package: "libqrencode-dev"),

        own("StrictJSON", []),
        own("Payments", pages: ["Ledger/README.md", "Ledger/Export/README.md"], []),
        own("Operations", ["Cryptography", logging, metrics]),
        own("PostgreSQL", wrapper: true, pages: ["README.md"], ["CPostgreSQL"]),
        own("OutboundHTTP", wrapper: true, pages: ["README.md"], ["CCurl", httpTypes]),
        own("Cryptography", wrapper: true, ["COpenSSL"]),
        own("QRCodes", wrapper: true, ["CQREncode"]),
        own("Providers", ["Payments", "Cryptography", "StrictJSON", httpTypes, yams]),
        own(
            "Storage",
            pages: ["README.md"],
            resources: [.copy("Migrations")],
            ["Payments", "PostgreSQL", "Cryptography", "StrictJSON"]
        ),
        own(
            "Gateway",
            pages: ["README.md"],
            [
                "Payments", "Providers", "Storage", "PostgreSQL", "OutboundHTTP", "Cryptography", "QRCodes", "StrictJSON", httpTypes,
                logging, metrics, lifecycle,
            ]
        ),
        own(
            "Web",
            [
                "Payments", "Providers", "Gateway", "Storage", "PostgreSQL", "QRCodes", "Cryptography", "StrictJSON", hummingbird,
                httpTypes, logging, metrics,
            ]
        ),
        own("Simulators", ["Cryptography", "OutboundHTTP", "StrictJSON", hummingbird, httpTypes, logging, lifecycle]),
        .executableTarget(
            name: "truvapay",
            dependencies: [
                "Operations", "Payments", "Providers", "Storage", "PostgreSQL", "OutboundHTTP", "Cryptography", "QRCodes", "StrictJSON",
                "Gateway", "Web", "Simulators",
                hummingbird, httpTypes, logging, metrics, lifecycle, argumentParser,
            ],
            swiftSettings: settings
        ),
        .target(name: "CReplay", dependencies: ["CPostgreSQL"]),
        .executableTarget(
            name: "Benchmarks",
            dependencies: ["Payments", "Storage", "PostgreSQL", "Gateway", "Cryptography", "Simulators", "CReplay", argumentParser],
            exclude: ["README.md"],
            swiftSettings: settings
        ),

        .target(
            name: "TestSupport",
            dependencies: ["Payments", "PostgreSQL", "Storage"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        tests("StrictJSONTests", ["StrictJSON"], exclude: ["Samples"]),
        tests("PaymentsTests", ["Payments", "StrictJSON"]),
        tests("PostgreSQLTests", ["PostgreSQL"]),
        tests("CryptographyTests", ["Cryptography"]),
        tests("QRCodesTests", ["QRCodes"]),
        tests("ProvidersTests", ["Providers", "Payments", "Cryptography", "StrictJSON", httpTypes, yams]),
        tests("StorageTests", ["Storage", "Payments", "PostgreSQL"]),
        tests("GatewayTests", ["Gateway", "Payments", "Providers", "PostgreSQL", "Storage", "OutboundHTTP", "Cryptography", logging]),
        tests(
            "AcceptanceTests",
            [
                "StrictJSON", "Cryptography", "OutboundHTTP", "PostgreSQL", "Storage", "Payments", "Providers", "Gateway", "Web", httpTypes,
                logging, yams,
            ],
            exclude: ["Python"]
        ),
        tests("RepositoryTests", [], exclude: ["migrations.digests"]),
        tests("OutboundHTTPTests", ["OutboundHTTP", httpTypes]),
        tests("OperationsTests", ["Operations", "Cryptography", logging, metrics]),
    ],
    swiftLanguageModes: [.v6]
)
