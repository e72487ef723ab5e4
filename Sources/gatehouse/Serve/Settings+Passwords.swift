internal import Cryptography
internal import Foundation
internal import Identity
internal import Passwords

extension Settings {
    /// The rules of passwords as configured, with the lists that no password may be on.
    ///
    /// - Throws: A sentence for each list that cannot be used.
    func passwordRules() throws(ConfigurationError) -> PasswordRules {
        var rules = PasswordRules()
        rules.historyCount = passwords.history
        rules.maximumAge = passwords.maximumAge
        rules.hashing = try passwords.hashing()
        guard passwords.isEnabled else { return rules }
        let policy = PasswordPolicy(
            minimumAlone: passwords.minimumLength,
            minimumWithSecondFactor: passwords.minimumLengthWithSecondFactor,
            blocklists: try passwords.blocklists(),
            siteNames: [site.name, URL(string: publicSiteURL)?.host()].compactMap(\.self)
        )
        guard let policy else {
            throw ConfigurationError(problems: ["passwords.minimum-length: the lengths do not go together"])
        }
        rules.policy = policy
        return rules
    }
}

extension PasswordSettings {
    fileprivate func hashing() throws(ConfigurationError) -> HashLaneConfiguration {
        let memory = UInt32(clamping: hashMemoryMebibytes * 1024)
        let passes = UInt32(clamping: hashPasses)
        guard let parameters = Argon2Parameters(memory: memory, passes: passes, lanes: 1) else {
            throw ConfigurationError(problems: ["passwords.hash-memory-mebibytes: no hash has such parameters"])
        }
        var configuration = HashLaneConfiguration(capacity: hashQueue, parameters: parameters)
        if let hashThreads { configuration.threads = hashThreads }
        return configuration
    }

    /// The lists of packages, which are short, in memory; those that were built, as files.
    fileprivate func blocklists() throws(ConfigurationError) -> [Blocklist] {
        var lists: [Blocklist] = []
        var problems: [String] = []
        let packaged = PackagedWordList.allCases.filter { usesCommonLists && $0.isInstalled }
        if usesCommonLists, packaged.isEmpty {
            let packages = PackagedWordList.allCases.map(\.package).joined(separator: " or ")
            problems.append("passwords.common-lists: install the package \(packages), or set it to false")
        }
        for list in packaged {
            do {
                lists.append(try Blocklist(wordsAt: list.path))
            } catch {
                problems.append("passwords.common-lists: the list of \(list.package) cannot be read")
            }
        }
        for (index, path) in blocklistFiles.enumerated() {
            do {
                lists.append(try Blocklist(path: path))
            } catch {
                let place = "passwords.blocklist-files: file \(index + 1)"
                switch error.code {
                case .malformed: problems.append("\(place) was not made by `gatehouse blocklist build`, or is damaged")
                case .unreadable, .unwritable: problems.append("\(place) cannot be read")
                }
            }
        }
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        return lists
    }
}
