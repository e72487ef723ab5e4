internal import Cryptography
internal import HTTPTypes
internal import Identity
internal import MariaDB
internal import QRCodes

/// Shows what an app needs, and takes its first code.
struct AppSetupContent: AccountContent {
    static let template = "account-app-setup"

    let key: String
    /// The `otpauth` address, for an app on this very device.
    let appPath: String
    let qrPath: String
    let fieldProblem: FieldProblemView?
    let cancelPath: String

    static func sample(_ texts: Texts) -> Self {
        AppSetupContent(
            key: "ABCD",
            appPath: "otpauth://totp/x",
            qrPath: "/x",
            fieldProblem: .init(message: "x"),
            cancelPath: "/x"
        )
    }
}

/// Setting up an authenticator app: named, then proved by its first code (SECURITY TOTP-07).
enum AppSetupRoutes {
    private static let path = "/account/apps/set-up"
    private static let purpose: StaticString = "app_setup"

    static func name(_ account: AccountVisit) async throws -> Answer {
        try await account.requireStrongestProof()
        let content = NameContent(
            lead: account.texts["apps.add_lead"],
            actionPath: "/account/apps/add",
            id: "",
            fieldProblem: account.visit.fieldProblem,
            value: account.visit.notice?.typed ?? account.texts["apps.default_name"],
            label: account.texts["account.next"],
            cancelPath: account.home(of: .apps)
        )
        return account.page(content, in: .apps, title: "apps.add_title")
    }

    static func begin(_ account: AccountVisit) async throws -> Answer {
        let name = account.form["name"]
        return try await account.attempt(orBackTo: "/account/apps/add", typed: name) {
            let started = try await account.core.totp.begin(name: name, account.context)
            guard let address = started.provisioningURI.validatedUTF8String() else { throw PageRefusal.forbidden }
            let kept = started.device.id.description + " " + address
            guard let sealed = seal(account).seal(kept, for: purpose, of: account.session.id) else {
                throw PageRefusal.tooLarge
            }
            let lifetime = started.expiresAt - account.core.now()
            return account.visit.redirect(path).setting(.shown, to: sealed, for: lifetime)
        }
    }

    private static func seal(_ account: AccountVisit) -> ShownSecretSeal {
        ShownSecretSeal(keyRing: account.core.keyRing)
    }

    /// What this session is setting up; nil when nothing is, or it took too long.
    private static func setup(_ account: AccountVisit) -> AppSetup? {
        let opened = seal(account).open(account.visit.cookies[.shown], for: purpose, of: account.session.id)
        let parts = opened?.split(separator: " ", maxSplits: 1).map(String.init) ?? []
        guard parts.count == 2, let device = TOTPDeviceID(text: parts[0]) else { return nil }
        return AppSetup(device: device, session: account.session.id, provisioningURI: parts[1])
    }

    private static func over(_ account: AccountVisit) -> Answer {
        account.visit.redirect(account.home(of: .apps), notice: Notice(.appSetupOver)).dropping(.shown)
    }

    static func show(_ account: AccountVisit) async throws -> Answer {
        guard let setup = setup(account) else { return over(account) }
        let content = AppSetupContent(
            key: setup.key,
            appPath: setup.provisioningURI,
            qrPath: "/account/apps/qr",
            fieldProblem: account.visit.fieldProblem,
            cancelPath: account.home(of: .apps)
        )
        return account.page(content, in: .apps, title: "apps.setup_title")
    }

    /// The picture, by an address of its own, since pages hold no data of pictures.
    static func qrCode(_ account: AccountVisit) async throws -> Answer {
        guard let setup = setup(account), let image = QRCode.svg(of: SecretBytes(utf8: setup.provisioningURI)) else {
            throw PageRefusal.notFound
        }
        return Answer(
            status: .ok,
            headers: [.contentType: "image/svg+xml"],
            body: image.withBytes { Array($0) }
        )
    }

    static func confirm(_ account: AccountVisit) async throws -> Answer {
        guard let setup = setup(account) else { return over(account) }
        let typed = account.form["code"]
        guard typed.utf8.contains(where: { $0 != 0x20 }) else {
            return account.visit.redirect(path, notice: Notice(.appCodeMissing))
        }
        do {
            let code = SecretBytes(utf8: typed)
            guard try await account.core.totp.confirm(setup.device, code: code, account.context) else {
                return account.visit.redirect(path, notice: Notice(.appCodeWrong))
            }
            return account.visit.redirect(account.home(of: .apps), notice: Notice(.appAdded)).dropping(.shown)
        } catch {
            switch error.code {
            case .throttled: return account.visit.redirect(path, notice: Notice(.tooManyTries))
            // Two tabs, or the same form sent twice: it is there already.
            case .notFound: return over(account)
            default: throw error
            }
        }
    }
}
