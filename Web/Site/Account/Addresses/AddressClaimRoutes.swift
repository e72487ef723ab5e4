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
        let isProof = old.map { $0.verifiedAt == nil } ?? false
        let purpose = old == nil ? "add" : isProof ? "prove" : "replace"
        let content = NewAddressContent(
            lead: account.texts.text("addresses.\(purpose)_lead", ["address": old?.value ?? ""]),
            fieldProblem: account.visit.fieldProblem,
            value: account.visit.notice?.typed ?? (isProof ? old?.value : nil) ?? "",
            id: id
        )
        return account.page(content, in: .addresses, title: "addresses.\(purpose)_title")
    }

    static func begin(_ account: AccountVisit) async throws -> Answer {
        let (typed, id) = (account.form["value"], account.form["id"])
        let old = try await id.isEmpty ? nil : AddressRoutes.identifier(id, account)
        // What was never proved is proved by naming it again, and replaces nothing.
        let replaced = old?.verifiedAt == nil ? nil : old?.id
        let back = "/account/addresses/add" + (id.isEmpty ? "" : "?id=" + PercentDecoding.encode(id))
        return try await account.attempt(orBackTo: back, typed: typed) {
            do {
                _ = try await account.core.identifiers.begin(.email, typed, replacing: replaced, account.context)
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
        let texts = account.texts
        let wait = claim.resendAt - account.core.now()
        let content = AddressCodeContent(
            lead: texts.text("addresses.sent", ["address": claim.value]),
            hint: texts.text("code.hint", ["length": "\(claim.codeLength)"]),
            resendHint: wait > .zero
                ? texts.text("code.others_later", ["when": texts.ahead(wait)]) : texts["code.others_now"],
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
        return try await account.attempt(orBackTo: AccountArea.addresses.path) {
            let code = SecretBytes(utf8: typed)
            guard try await account.core.identifiers.confirm(id, code: code, account.context) != nil else {
                return account.visit.redirect(provePath, notice: Notice(.addressCodeWrong))
            }
            return account.visit.redirect(AccountArea.addresses.path, notice: Notice(.addressAdded))
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
