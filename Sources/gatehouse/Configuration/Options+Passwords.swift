// Passwords, and what stands in for factors that are lost.
extension Options {
    static let passwordsEnabled = ConfigurationOption.flag(
        "passwords.enabled",
        default: false,
        "Whether people may sign in with passwords. Codes are sent only when they are asked for then."
    )
    static let passwordLength = ConfigurationOption.number(
        "passwords.minimum-length",
        default: 15,
        in: 8...64,
        "Characters of a password that is somebody's only factor."
    )
    static let passwordLengthBesideFactor = ConfigurationOption.number(
        "passwords.minimum-length-with-second-factor",
        default: 8,
        in: 8...64,
        "Characters of a password that is always used with a second factor."
    )
    static let passwordCommonLists = ConfigurationOption.flag(
        "passwords.common-lists",
        default: true,
        "Whether the lists of common passwords in Debian's john-data and cracklib-runtime are refused; one has to be installed."
    )
    static let passwordBlocklists = ConfigurationOption.list(
        "passwords.blocklist-files",
        expects: "files, with commas between",
        "Lists of breached passwords, made by `gatehouse blocklist build`."
    )
    static let passwordHistory = ConfigurationOption.number(
        "passwords.history",
        default: 0,
        in: 0...24,
        "Former passwords that may not be chosen again."
    )
    static let passwordMaximumAge = ConfigurationOption.duration(
        "passwords.maximum-age",
        default: .seconds(0),
        in: .seconds(0)...(.seconds(157_680_000)),
        "A password older than this has to be changed after signing in with it; 0s: never."
    )
    static let passwordHashMemory = ConfigurationOption.number(
        "passwords.hash-memory-mebibytes",
        default: 19,
        in: 7...256,
        "Memory of one Argon2id hash, of passwords and of recovery codes."
    )
    static let passwordHashPasses = ConfigurationOption.number(
        "passwords.hash-passes",
        default: 2,
        in: 1...16,
        "Passes of one hash over its memory."
    )
    static let passwordHashThreads = ConfigurationOption.number(
        "passwords.hash-threads",
        default: 0,
        in: 0...64,
        "Hashes that are made at a time; 0: one for each processor."
    )
    static let passwordHashQueue = ConfigurationOption.number(
        "passwords.hash-queue",
        default: 256,
        in: 1...4096,
        "Hashes that may wait; further ones are refused at once."
    )
    static let recoveryCodeCount = ConfigurationOption.number(
        "recovery-codes.count",
        default: 10,
        in: 8...16,
        "Recovery codes that somebody gets at a time."
    )
}
