import Cryptography
import Foundation
import Identity
import Passwords
import Testing

@testable import gatehouse

struct ConfigurationTests {
    private func settings(
        _ yaml: String? = nil,
        environment: [String: String] = [:],
        flags: [String] = []
    ) throws -> Settings {
        guard let yaml else { return try Settings(file: nil, environment: environment, flags: flags) }
        let path = NSTemporaryDirectory() + "gatehouse-\(UUID().uuidString).yaml"
        try yaml.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try Settings(file: path, environment: environment, flags: flags)
    }

    private func problems(
        _ yaml: String? = nil,
        environment: [String: String] = [:],
        flags: [String] = []
    ) -> [String] {
        do {
            _ = try settings(yaml, environment: environment, flags: flags)
            return []
        } catch {
            return (error as? ConfigurationError)?.problems ?? ["\(error)"]
        }
    }

    @Test func `Without any setting the defaults hold`() throws {
        let settings = try settings()
        #expect(settings.site.port == 8080)
        #expect(settings.rpc.port == 7443)
        #expect(settings.rpc.usesTLS)
        #expect(settings.database.isPrivate)
        #expect(settings.policy.codeLifetime == .seconds(300))
        #expect(settings.mail.delivery == .mailbox)
        #expect(settings.keyRingFile == "gatehouse-data/keys")
    }

    @Test func `Flags are stronger than the environment, and that than the file`() throws {
        let yaml = "site:\n  name: file\n  listen-port: 1\nlog:\n  level: error\n"
        let environment = ["GATEHOUSE_SITE_NAME": "environment", "GATEHOUSE_SITE_LISTEN_PORT": "2"]
        let settings = try settings(yaml, environment: environment, flags: ["--site-name", "flag"])
        #expect(settings.site.name == "flag")
        #expect(settings.site.port == 2)
        #expect(settings.logLevel == .error)
    }

    @Test func `Both forms of a flag and a YAML list are read`() throws {
        let settings = try settings(
            "site:\n  trusted-proxies: [10.0.0.1, 10.0.0.2]\n",
            flags: ["--site-listen-port=81", "--policy-code-lifetime", "90s"]
        )
        #expect(settings.site.trustedProxies == ["10.0.0.1", "10.0.0.2"])
        #expect(settings.site.port == 81)
        #expect(settings.policy.codeLifetime == .seconds(90))
    }

    @Test func `Every unknown name is refused with a suggestion`() {
        let found = problems(
            "site:\n  listen-prt: 80\n",
            environment: ["GATEHOUSE_LOG_LEVLE": "info", "GATEHOUSE_TOKEN": "ght_x", "HOME": "/"],
            flags: ["--site-nmae", "x"]
        )
        #expect(found.contains { $0.contains("site.listen-prt") && $0.contains("did you mean site.listen-port") })
        #expect(
            found.contains { $0.contains("GATEHOUSE_LOG_LEVLE") && $0.contains("did you mean GATEHOUSE_LOG_LEVEL?") }
        )
        #expect(found.contains { $0.contains("--site-nmae") && $0.contains("site-name") })
        #expect(!found.contains { $0.contains("GATEHOUSE_TOKEN") })
    }

    @Test(arguments: [
        ["--rpc-listen-port", "65536"], ["--rpc-listen-port", "-1"], ["--rpc-listen-port", "+1"],
        ["--rpc-listen-port", "many"], ["--policy-code-lifetime", "5"], ["--policy-code-lifetime", "11m"],
        ["--policy-code-lifetime", "99999999999999999999d"], ["--log-level", "loud"], ["--rpc-tls", "maybe"],
        ["--site-name"], ["--site-name", "a", "--site-name", "b"], ["stray"],
        ["--database-hosts", "db:x"], ["--database-hosts", "db.example.com"], ["--mail-delivery", "smtp"],
        ["--rpc-tls", "false", "--rpc-listen-host", "0.0.0.0"], ["--site-listen-host", "0.0.0.0"],
        ["--rpc-tls", "false", "--rpc-listen-host", "127.example.com"], ["--database-hosts", "127.example.com"],
        ["--policy-self-registration", "domains"], ["--policy-self-registration", "everyone"],
        ["--rpc-certificate-file", "/x.pem"], ["--mail-smtp-user", "me"],
        ["--mail-delivery", "smtp", "--mail-smtp-host", "mail.example.com", "--mail-smtp-security", "none"],
    ])
    func `A wrong value is refused by the name of its setting`(flags: [String]) {
        let found = problems(flags: flags)
        #expect(found.count == 1, "\(found)")
        let name = flags[0].drop { $0 == "-" }.split(separator: "-")[0]
        #expect(found[0].contains(name))
    }

    @Test func `All problems are told at once and none shows a value`() {
        let found = problems(flags: ["--rpc-listen-port", "secret1", "--log-level", "secret2"])
        #expect(found.count == 2)
        #expect(!ConfigurationError(problems: found).description.contains("secret"))
    }

    @Test func `A duration out of range is refused with its range, which the reference tells, too`() {
        let range = "a duration from 1m to 10m, such as 5m"
        #expect(
            problems(flags: ["--policy-code-lifetime", "20m"]) == [
                "policy.code-lifetime (from --policy-code-lifetime) must be \(range)"
            ]
        )
        #expect(ConfigurationReference.markdown.contains("How long a one-time code is good. Expects \(range). |"))
    }

    @Test func `A wrong value does not keep the files from being looked at`() {
        var problems: [String] = []
        let flags = [
            "--rpc-listen-port", "many", "--site-certificate-file", "/nowhere/c", "--site-private-key-file",
            "/nowhere/k",
        ]
        let settings = Settings(file: nil, environment: [:], flags: flags, problems: &problems)
        #expect(problems.count == 1)
        #expect(SettingsFiles(settings).problems().count == 2)
    }

    @Test func `Passwords are off unless they are switched on, with the lists of packages and no others`() throws {
        let off = try Settings(file: nil, environment: [:], flags: [])
        #expect(try off.passwordRules().policy == nil)
        let on = try Settings(file: nil, environment: [:], flags: ["--passwords-enabled", "true"])
        let rules = try on.passwordRules()
        let policy = try #require(rules.policy)
        #expect(policy.minimumAlone == 15 && policy.minimumWithSecondFactor == 8 && policy.maximum == 256)
        #expect(rules.historyCount == 0 && rules.maximumAge == nil)
        #expect(rules.hashing.parameters.memory == 19 * 1024 && rules.hashing.parameters.passes == 2)
        for (password, isTaken) in [("password", false), ("violet tandem 93", true), ("localhost", false)] {
            let review = try policy.review(password, for: .withSecondFactor, context: PasswordContext())
            guard case .accepted = review else {
                #expect(!isTaken, "\(password)")
                continue
            }
            #expect(isTaken, "\(password)")
        }
    }

    @Test func `A list of passwords that cannot be used is a problem, and names no path`() throws {
        let flags = [
            "--passwords-enabled", "true", "--passwords-blocklist-files", "/nowhere/list,/etc/hostname",
        ]
        let problems = SettingsFiles(try Settings(file: nil, environment: [:], flags: flags)).problems()
        #expect(
            problems == [
                "passwords.blocklist-files: file 1 cannot be read",
                "passwords.blocklist-files: file 2 was not made by `gatehouse blocklist build`, or is damaged",
            ]
        )
    }

    @Test(arguments: [
        (
            ["--passwords-hash-memory-mebibytes", "12"],
            "passwords.hash-passes must be at least 3 with that much memory"
        ),
        (["--passwords-hash-passes", "1"], "passwords.hash-passes must be at least 2 with that much memory"),
        (
            ["--passwords-minimum-length", "8", "--passwords-minimum-length-with-second-factor", "9"],
            "passwords.minimum-length-with-second-factor must not be more than passwords.minimum-length"
        ),
    ])
    func `Passwords are neither hashed too cheaply nor longer beside a factor than alone`(
        flags: [String],
        problem: String
    ) {
        #expect(problems(flags: flags) == [problem])
    }

    @Test(arguments: ["site: [", "- a\n- b\n", "site:\n  name: a\n  name: b\n"])
    func `A file that is not a plain YAML mapping is refused`(yaml: String) {
        #expect(!problems(yaml).isEmpty)
    }

    @Test func `A missing file is refused`() {
        do {
            _ = try Settings(file: "/nowhere/gatehouse.yaml", environment: [:], flags: [])
            Issue.record("a missing file was accepted")
        } catch {
            #expect(error.problems.count == 1)
        }
    }

    @Test func `Every option has its default as it is documented, a name of its own, and a row in the reference`() {
        let reference = ConfigurationReference.markdown
        for option in Options.all {
            #expect(option.acceptsDefault, "\(option.key)")
            #expect(reference.contains("| `\(option.key)` |"))
            #expect(!option.summary.isEmpty && !option.expects.isEmpty)
        }
        #expect(Set(Options.all.map(\.flagName)).count == Options.all.count)
        #expect(Set(Options.all.map(\.environmentName)).count == Options.all.count)
    }

    @Test(arguments: [
        ("db", "db", 3306), ("db:1", "db", 1), ("[::1]", "::1", 3306), ("[::1]:7", "::1", 7),
        ("127.0.0.1:9", "127.0.0.1", 9),
    ])
    func `Hosts are read with and without a port`(text: String, host: String, port: Int) throws {
        let read = try #require(HostAndPort(text, defaultPort: 3306))
        #expect(read.host == host)
        #expect(Int(read.port) == port)
    }

    @Test(arguments: ["", ":1", "a:b", "a:1:2", "[::1", "[::1]x", "a:65536", "a:-1"])
    func `What is no host is refused`(text: String) {
        #expect(HostAndPort(text, defaultPort: 1) == nil)
    }

    @Test(arguments: [
        ("5m", Duration.seconds(300)), ("90s", .seconds(90)), ("2h", .seconds(7200)), ("1d", .seconds(86_400)),
        ("250ms", .milliseconds(250)),
    ])
    func `Durations are read with their units`(text: String, duration: Duration) {
        #expect(DurationText.parse(text) == duration)
    }

    @Test(arguments: [
        ("0s", Duration.zero), ("90s", .seconds(90)), ("5m", .seconds(300)), ("1d", .seconds(86_400)),
        ("25h", .seconds(90_000)), ("7d", .seconds(604_800)), ("1500ms", .milliseconds(1500)),
    ])
    func `Durations are written in the largest unit that fits`(text: String, duration: Duration) {
        #expect(DurationText.text(of: duration) == text)
        #expect(DurationText.parse(text) == duration)
    }

    @Test(arguments: ["", "5", "m", "-5m", "+5m", "5 m", "5M", "1.5h", "٥m", "9223372036854775807d"])
    func `What is no duration is refused`(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test func `Edit distance counts single-letter changes`() {
        #expect(EditDistance.between("", "abc") == 3)
        #expect(EditDistance.between("listen-prt", "listen-port") == 1)
        #expect(EditDistance.between("kitten", "sitting") == 3)
    }
}
