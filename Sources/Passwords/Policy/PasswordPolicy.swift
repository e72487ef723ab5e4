internal import InternationalNames

/// What a password must be to be chosen (SECURITY PW-01 to PW-06): long, not common, not the user's own name.
///
/// There are no rules of composition. Lengths are code points after normalisation.
package struct PasswordPolicy: Sendable {
    /// What a password guards a sign-in together with.
    package enum Use: Sendable {
        case alone
        /// The user cannot sign in without a second factor.
        case withSecondFactor
    }

    package let minimumAlone: Int
    package let minimumWithSecondFactor: Int
    package let maximum: Int
    private let blocklists: [Blocklist]
    private let siteWords: [ContextWord]

    /// Takes lengths within bounds; nil for others.
    ///
    /// - Parameters:
    ///   - minimumAlone: 8 to 64.
    ///   - minimumWithSecondFactor: 8 to `minimumAlone`.
    ///   - maximum: 64 to 256.
    ///   - blocklists: Common and breached passwords.
    ///   - siteNames: What the site and its operator are called, host names too.
    package init?(
        minimumAlone: Int = 15,
        minimumWithSecondFactor: Int = 8,
        maximum: Int = 256,
        blocklists: [Blocklist],
        siteNames: [String]
    ) {
        guard (8...64).contains(minimumAlone), (8...minimumAlone).contains(minimumWithSecondFactor),
            (64...256).contains(maximum)
        else { return nil }
        self.minimumAlone = minimumAlone
        self.minimumWithSecondFactor = minimumWithSecondFactor
        self.maximum = maximum
        self.blocklists = blocklists
        siteWords = ContextWord.words(of: siteNames, kind: .site)
    }

    /// The fewest code points for a use.
    package func minimum(for use: Use) -> Int {
        switch use {
        case .alone: minimumAlone
        case .withSecondFactor: minimumWithSecondFactor
        }
    }

    /// Looks at a password that someone wants to have.
    ///
    /// - Parameters:
    ///   - received: As it was typed.
    ///   - use: What it shall guard, and with what.
    ///   - context: What is known of its owner.
    /// - Returns: The password to hash, or all that is wrong with it.
    /// - Throws: When a blocklist cannot be read; the password is not to be taken then.
    package func review(
        _ received: String,
        for use: Use,
        context: PasswordContext
    ) throws(PasswordReviewError) -> PasswordReview {
        let password: OpaqueString
        do {
            password = try OpaqueString(received)
        } catch {
            return .refused(try problems(of: received, refusedAs: error, for: use))
        }
        var problems = lengthProblems(password.codePointCount, for: use)
        if password.codePointCount <= maximum {
            if try isBlocklisted(password) { problems.append(.blocklisted) }
            problems += contextProblems(of: password, context)
        }
        return problems.isEmpty ? .accepted(AcceptedPassword(password)) : .refused(problems)
    }

    private func lengthProblems(_ count: Int, for use: Use) -> [PasswordProblem] {
        let minimum = minimum(for: use)
        if count < minimum { return [.tooShort(minimum: minimum)] }
        return count > maximum ? [.tooLong(maximum: maximum)] : []
    }

    private func problems(
        of received: String,
        refusedAs refusal: OpaqueString.Refusal,
        for use: Use
    ) throws(PasswordReviewError) -> [PasswordProblem] {
        switch refusal {
        case .empty: [.tooShort(minimum: minimum(for: use))]
        case .tooLong: [.tooLong(maximum: maximum)]
        case .controlCharacter: lengthProblems(received.unicodeScalars.count, for: use) + [.controlCharacter]
        case .unassignedCodePoint: lengthProblems(received.unicodeScalars.count, for: use) + [.unassignedCharacter]
        case .outOfMemory: throw .outOfMemory
        }
    }

    private func contextProblems(of password: OpaqueString, _ context: PasswordContext) -> [PasswordProblem] {
        let match = ContextMatch(password.text)
        let words =
            ContextWord.words(of: context.identifiers, kind: .identifier)
            + ContextWord.words(of: context.names, kind: .name) + siteWords
        guard match.isMade(of: words) else { return [] }
        return ContextWord.Kind.allCases
            .filter { kind in match.mentions(words.filter { $0.kind == kind }) }
            .map(PasswordProblem.contextWord)
    }

    /// Whether the password is on a list, or repeats what is, or up to three characters.
    private func isBlocklisted(_ password: OpaqueString) throws(PasswordReviewError) -> Bool {
        do {
            if try isListed(password) { return true }
            guard let unit = RepeatedText.unit(of: password.text) else { return false }
            if unit.unicodeScalars.count <= 3 { return true }
            guard let repeated = try? OpaqueString(unit) else { return false }
            return try isListed(repeated)
        } catch {
            throw .blocklist(error)
        }
    }

    private func isListed(_ password: OpaqueString) throws(BlocklistError) -> Bool {
        for list in blocklists where try list.contains(password) { return true }
        return false
    }
}
