internal import Cryptography
internal import Identity
internal import MariaDB

/// Adding an address, or putting it in the place of another: named, then proved by a code (SECURITY REC-04).
enum AddressClaimRoutes {
    private static let provePath = "/account/addresses/prove"

    static func add(_ account: AccountVisit) async throws -> Answer {
        let id = account.query["id"]
        let old = try await id.isEmpty ? nil : AddressRoutes.identifier(id, account)
        try await account.requireStrongestProof()
        let kind = try kind(old, account.query, account)
        let isProof = old.map { $0.verifiedAt == nil } ?? false
        let purpose = old == nil ? "add" : isProof ? "prove" : "replace"
        let content = NewAddressContent(
            lead: account.texts.text(kind.texts("addresses.\(purpose)_lead"), ["address": old?.value ?? ""]),
            fieldProblem: account.visit.fieldProblem,
            value: account.visit.notice?.typed ?? (isProof ? old?.value : nil) ?? "",
            id: id,
            kind: kind == .phone ? "phone" : "",
            isPhone: kind == .phone
        )
        return account.page(content, in: .addresses, title: kind.texts("addresses.\(purpose)_title"))
    }

    /// What is claimed: of the kind of what it replaces, or of the kind that was asked for.
    private static func kind(
        _ old: UserIdentifier?,
        _ fields: FormFields,
        _ account: AccountVisit
    ) throws(PageRefusal) -> IdentifierKind {
        let kind = old?.kind ?? (fields["kind"] == "phone" ? .phone : .email)
        guard kind == .email || kind == .phone && account.takesPhones else { throw .notFound }
        return kind
    }

    static func begin(_ account: AccountVisit) async throws -> Answer {
        let (typed, id) = (account.form["value"], account.form["id"])
        let old = try await id.isEmpty ? nil : AddressRoutes.identifier(id, account)
        // What was never proved is proved by naming it again, and replaces nothing.
        let replaced = old?.verifiedAt == nil ? nil : old?.id
        let kind = try kind(old, account.form, account)
        let query = id.isEmpty ? (kind == .phone ? "?kind=phone" : "") : "?id=" + PercentDecoding.encode(id)
        let back = "/account/addresses/add" + query
        return try await account.attempt(orBackTo: back, typed: typed) {
            do {
                _ = try await account.core.identifiers.begin(kind, typed, replacing: replaced, account.context)
                return account.visit.redirect(provePath)
            } catch let error as FlowError where error.reason == .fieldInvalid {
                return account.visit.redirect(back, notice: Notice(.newAddressOwn, typed: typed))
            }
        }
    }

    static func show(_ account: AccountVisit) async throws -> Answer {
        guard let claim = try await account.core.identifiers.waiting(account.context) else {
            return account.visit.redirect(AccountArea.addresses.path)
        }
        let (texts, words) = (account.texts, CodeWords(isBySMS: claim.kind == .phone))
        let wait = claim.resendAt - account.core.now()
        let content = AddressCodeContent(
            lead: texts.text("addresses.sent", ["address": claim.value]),
            label: texts[words.labelID],
            hint: texts.text(words.hintID, ["length": "\(claim.codeLength)"]),
            isNumeric: words == .sms,
            submitLabel: texts[claim.kind.texts("addresses.prove_button")],
            resendHint: wait > .zero
                ? texts.text(words.laterID, ["when": texts.ahead(wait)]) : texts[words.nowID],
            fieldProblem: account.visit.fieldProblem,
            id: claim.id.description
        )
        return account.page(content, in: .addresses, title: "addresses.code_title")
    }

    static func confirm(_ account: AccountVisit) async throws -> Answer {
        let id = try claim(account)
        let typed = account.form["code"]
        guard typed.utf8.contains(where: { $0 != 0x20 }) else {
            return account.visit.redirect(provePath, notice: Notice(.addressCodeMissing))
        }
        let kind = try await account.core.identifiers.waiting(account.context)?.kind
        return try await account.attempt(orBackTo: AccountArea.addresses.path) {
            let code = SecretBytes(utf8: typed)
            guard try await account.core.identifiers.confirm(id, code: code, account.context) != nil else {
                return account.visit.redirect(provePath, notice: Notice(.addressCodeWrong))
            }
            let notice = Notice(kind == .phone ? .phoneAdded : .addressAdded)
            return account.visit.redirect(AccountArea.addresses.path, notice: notice)
        }
    }

    static func resend(_ account: AccountVisit) async throws -> Answer {
        let id = try claim(account)
        do {
            _ = try await account.core.identifiers.sendAgain(id, account.context)
            return account.visit.redirect(provePath, notice: Notice(.codeSentAgain))
        } catch {
            switch error.code {
            case .throttled: return account.visit.redirect(provePath, notice: Notice(.codeTooEarly))
            case .notFound: return account.visit.redirect(AccountArea.addresses.path, notice: Notice(.gone))
            default: throw error
            }
        }
    }

    static func withdraw(_ account: AccountVisit) async throws -> Answer {
        try await account.core.identifiers.withdraw(try claim(account), account.context)
        return account.visit.redirect(AccountArea.addresses.path, notice: Notice(.addressWithdrawn))
    }

    private static func claim(_ account: AccountVisit) throws -> IdentifierClaimID {
        guard let id = IdentifierClaimID(text: account.form["claim"]) else { throw PageRefusal.badRequest }
        return id
    }
}
