// swift-tools-version: 6.2
// The house: one entry per target, arrows pointing one way (C module <- wrapper <- domain <- faces <- executable).

import PackageDescription

// One array for every Swift target of ours.
var settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

// Not with -Xswiftc, which would reach the packages we use, too.
if Context.environment["GATEHOUSE_WARNINGS_AS_ERRORS"] != nil { settings.append(.treatAllWarnings(as: .error)) }

// The wrappers of C libraries spell every unsafe use `unsafe`.
let wrapperSettings = settings + [.strictMemorySafety()]

func system(_ name: String, pkgConfig: String, debian: String) -> Target {
    .systemLibrary(name: name, path: "Sources/\(name)", pkgConfig: pkgConfig, providers: [.apt([debian])])
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

var targets: [Target] = [
    // C libraries: module map and shim, nothing else.
    system("CArgon2", pkgConfig: "libargon2", debian: "libargon2-dev"),
    system("CCrypt", pkgConfig: "libcrypt", debian: "libcrypt-dev"),
    system("CCurl", pkgConfig: "libcurl", debian: "libcurl4-openssl-dev"),
    system("CIDN2", pkgConfig: "libidn2", debian: "libidn2-dev"),
    system("CMariaDB", pkgConfig: "libmariadb", debian: "libmariadb-dev"),
    system("COpenSSL", pkgConfig: "libcrypto", debian: "libssl-dev"),
    system("CPCRE2", pkgConfig: "libpcre2-8", debian: "libpcre2-dev"),
    system("CProtobufC", pkgConfig: "libprotobuf-c", debian: "libprotobuf-c-dev"),
    system("CQREncode", pkgConfig: "libqrencode", debian: "libqrencode-dev"),
    // libunistring has no pkg-config file.
    .systemLibrary(name: "CUnistring", path: "Sources/CUnistring", providers: [.apt(["libunistring-dev"])]),
    .target(
        name: "CGatehouseProtos",
        dependencies: ["CProtobufC"],
        path: "Protos/Generated",
        publicHeadersPath: "."
    ),

    // Wrappers and pure libraries.
    .systemLibrary(name: "CLinux", path: "Sources/CLinux"),
    .target(
        name: "Cryptography",
        dependencies: ["CArgon2", "CCrypt", "CLinux", "COpenSSL"],
        swiftSettings: wrapperSettings
    ),
    .target(name: "JSON", swiftSettings: settings),
    .target(name: "RegularExpressions", dependencies: ["CPCRE2"], swiftSettings: wrapperSettings),
    .target(name: "InternationalNames", dependencies: ["CIDN2", "CUnistring"], swiftSettings: wrapperSettings),
    .target(name: "MariaDB", dependencies: ["CMariaDB", logging, metrics], swiftSettings: wrapperSettings),
    .target(name: "Mail", dependencies: ["CCurl"], swiftSettings: wrapperSettings),
    .target(name: "OpenIDConnect", dependencies: ["Cryptography", "JSON", "OutboundHTTP"], swiftSettings: settings),
    .target(
        name: "OutboundHTTP",
        dependencies: ["Cryptography", asyncHTTPClient, nioCore, nioHTTP1, nioPosix, nioSSL],
        swiftSettings: wrapperSettings
    ),
    .target(
        name: "TextGateway",
        dependencies: ["Cryptography", "JSON", "Mail", "OutboundHTTP"],
        swiftSettings: settings
    ),
    .target(name: "OneTimePasswords", dependencies: ["Cryptography"], swiftSettings: settings),
    .target(
        name: "Passwords",
        dependencies: ["CLinux", "Cryptography", "InternationalNames"],
        swiftSettings: wrapperSettings
    ),
    .target(name: "QRCodes", dependencies: ["CQREncode", "Cryptography"], swiftSettings: wrapperSettings),
    .target(name: "WebAuthn", dependencies: ["Cryptography"], swiftSettings: settings),
    .target(
        name: "Wire",
        dependencies: ["CGatehouseProtos", "CProtobufC", "Cryptography", "JSON"],
        swiftSettings: wrapperSettings
    ),

    // The domain.
    .target(
        name: "Identity",
        dependencies: [
            "Cryptography", "InternationalNames", "JSON", "MariaDB", "Mail", "OneTimePasswords", "OpenIDConnect",
            "OutboundHTTP", "Passwords", "QRCodes", "RegularExpressions", "WebAuthn", lifecycle, logging, metrics,
        ],
        resources: [.embedInCode("Schema")],
        swiftSettings: settings
    ),

    // The faces.
    .target(
        name: "RPCServer",
        dependencies: [
            "Cryptography", "Identity", "JSON", "MariaDB", "OneTimePasswords", "OpenIDConnect", "Wire", lifecycle,
            logging,
            metrics, nioCore, nioPosix, nioSSL, nioTLS,
        ],
        swiftSettings: settings
    ),
    .target(
        name: "RPCClient",
        dependencies: ["Cryptography", "Wire", nioCore, nioPosix, nioSSL, nioTLS],
        swiftSettings: settings
    ),
    .target(
        name: "Website",
        dependencies: [
            "Cryptography", "Identity", "JSON", "MariaDB", "OpenIDConnect", "Passwords", "QRCodes", httpTypes,
            hummingbird, hummingbirdCore, hummingbirdTLS, lifecycle, logging, metrics, mustache, nioCore, nioHTTPTypes,
            nioPosix, nioSSL,
        ],
        path: "Web",
        sources: ["Site"],
        resources: [
            .embedInCode("Locales"), .embedInCode("Mail"), .embedInCode("Static"), .embedInCode("Templates"),
        ],
        swiftSettings: settings
    ),

    // The executable.
    .executableTarget(
        name: "gatehouse",
        dependencies: [
            "Cryptography", "Identity", "JSON", "Mail", "MariaDB", "OutboundHTTP", "Passwords", "RPCClient",
            "RPCServer",
            "TextGateway", "WebAuthn", "Website", "Wire",
            argumentParser, configuration, hummingbird, lifecycle, logging, metrics, nioCore, nioPosix, signals, yams,
        ],
        swiftSettings: settings
    ),

    // Load for `make bench`.
    .target(name: "PasskeySigner", dependencies: ["COpenSSL"], path: "Tests/Benchmarks/Signer"),
    .executableTarget(
        name: "gatehouse-load",
        dependencies: ["Cryptography", "PasskeySigner", "RPCClient", "ScriptedAuthenticator", "Wire", argumentParser],
        path: "Tests/Benchmarks/Load",
        swiftSettings: settings
    ),

    // Tests: one folder per target.
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: settings),
    .testTarget(name: "RegularExpressionsTests", dependencies: ["RegularExpressions"], swiftSettings: settings),
    .testTarget(name: "CryptographyTests", dependencies: ["Cryptography"], swiftSettings: settings),
    .testTarget(
        name: "InternationalNamesTests",
        dependencies: ["InternationalNames"],
        swiftSettings: settings
    ),
    .testTarget(name: "MariaDBTests", dependencies: ["MariaDB"], swiftSettings: settings),
    .testTarget(name: "MailTests", dependencies: ["Mail"], swiftSettings: settings),
    .testTarget(
        name: "OpenIDConnectTests",
        dependencies: ["Cryptography", "JSON", "OpenIDConnect", "OutboundHTTP"],
        swiftSettings: settings
    ),
    .testTarget(
        name: "OutboundHTTPTests",
        dependencies: ["Cryptography", "OutboundHTTP", nioCore, nioPosix, nioSSL],
        swiftSettings: settings
    ),
    .testTarget(
        name: "TextGatewayTests",
        dependencies: ["Cryptography", "JSON", "Mail", "OutboundHTTP", "TextGateway"],
        swiftSettings: settings
    ),
    .testTarget(name: "OneTimePasswordsTests", dependencies: ["OneTimePasswords"], swiftSettings: settings),
    .testTarget(
        name: "PasswordsTests",
        dependencies: ["Cryptography", "InternationalNames", "Passwords"],
        swiftSettings: settings
    ),
    .testTarget(name: "QRCodesTests", dependencies: ["Cryptography", "QRCodes"], swiftSettings: settings),
    .target(
        name: "ScriptedAuthenticator",
        dependencies: ["Cryptography", "WebAuthn"],
        path: "Tests/ScriptedAuthenticator",
        swiftSettings: settings
    ),
    .testTarget(
        name: "WebAuthnTests",
        dependencies: ["Cryptography", "ScriptedAuthenticator", "WebAuthn"],
        swiftSettings: settings
    ),
    .testTarget(
        name: "WireTests",
        dependencies: ["CGatehouseProtos", "CProtobufC", "Wire", "Cryptography"],
        swiftSettings: settings
    ),
    .testTarget(
        name: "IdentityTests",
        dependencies: [
            "Identity", "Cryptography", "InternationalNames", "JSON", "Mail", "MariaDB", "OneTimePasswords",
            "OpenIDConnect", "OutboundHTTP", "Passwords",
            "ScriptedAuthenticator", "WebAuthn", logging,
        ],
        swiftSettings: settings
    ),
    .testTarget(
        name: "RPCServerTests",
        dependencies: [
            "RPCServer", "RPCClient", "Wire", "Identity", "Cryptography", "MariaDB", "Mail",
            lifecycle, logging, nioCore, nioPosix, nioSSL,
        ],
        swiftSettings: settings
    ),
    .testTarget(
        name: "WebsiteTests",
        dependencies: [
            "Website", "Identity", "JSON", "OneTimePasswords", "Passwords", "Cryptography", "MariaDB", "Mail",
            httpTypes,
            hummingbird, lifecycle, logging, nioCore,
        ],
        swiftSettings: settings
    ),
    .testTarget(
        name: "GatehouseTests",
        dependencies: [
            "gatehouse", "Cryptography", "Identity", "MariaDB", "Passwords", "WebAuthn", "Wire", argumentParser,
            metrics,
        ],
        path: "Tests/gatehouseTests",
        swiftSettings: settings
    ),
]

var packages: [Package.Dependency] = [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
]

// libFuzzer brings its own main, so a fuzz target is only there when it alone is asked for (Tests/Fuzz/run).
let fuzzDependencies: [String: [Target.Dependency]] = [
    "WireFuzz": ["FuzzDriver", "Wire"], "WebAuthnFuzz": ["Cryptography", "FuzzDriver", "WebAuthn"],
    "PasswordsFuzz": ["Cryptography", "FuzzDriver", "Passwords"],
]
if let name = Context.environment["GATEHOUSE_ONLY"], let dependencies = fuzzDependencies[name] {
    targets.append(.target(name: "FuzzDriver", path: "Tests/Fuzz/Driver", swiftSettings: wrapperSettings))
    targets.append(
        .executableTarget(
            name: name,
            dependencies: dependencies,
            path: "Tests/Fuzz/" + name.dropLast(4),
            exclude: ["Seeds"],
            swiftSettings: wrapperSettings + [.unsafeFlags(["-parse-as-library"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]
        )
    )
}

// GATEHOUSE_ONLY="MariaDBTests WireTests" builds those targets and what they stand on, and fetches no package that
// none of them needs: the sanitizer and fuzz runs of the C-facing targets use it with a scratch path of their own.
if let only = Context.environment["GATEHOUSE_ONLY"] {
    var wanted = Set(only.split(separator: " ").map(String.init))
    var neededPackages: Set<String> = []
    var queue = Array(wanted)
    while let name = queue.popLast() {
        guard let target = targets.first(where: { $0.name == name }) else { continue }
        for dependency in target.dependencies {
            switch dependency {
            case .byNameItem(let name, _), .targetItem(let name, _):
                if wanted.insert(name).inserted { queue.append(name) }
            case .productItem(_, let package, _, _):
                if let package { neededPackages.insert(package) }
            @unknown default: break
            }
        }
    }
    targets.removeAll { !wanted.contains($0.name) }
    packages.removeAll { package in
        guard case .sourceControl(_, let location, _) = package.kind else { return false }
        return !neededPackages.contains(String(location.split(separator: "/").last ?? ""))
    }
}

let package = Package(name: "gatehouse", dependencies: packages, targets: targets)
