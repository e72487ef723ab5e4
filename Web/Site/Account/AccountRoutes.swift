/// Every address of the account.
enum AccountRoutes {
    static var all: [String: Route] {
        [own, AppRoutes.named.routes, PasskeyRoutes.named.routes].reduce(into: [:]) { all, part in
            all.merge(part) { first, _ in first }
        }
    }

    private static let own: [String: Route] = [
        "/account": .account(OverviewRoutes.show),
        "/account/profile": .account(ProfileRoutes.show, form: ProfileRoutes.save, capacity: .profile),
        "/account/addresses": .account(AddressRoutes.show),
        "/account/addresses/add": .account(AddressClaimRoutes.add, form: AddressClaimRoutes.begin),
        "/account/addresses/prove": .account(AddressClaimRoutes.show, form: AddressClaimRoutes.confirm),
        "/account/addresses/resend": .accountForm(on: "/account/addresses/prove", AddressClaimRoutes.resend),
        "/account/addresses/withdraw": .accountForm(on: .addresses, AddressClaimRoutes.withdraw),
        "/account/addresses/main": .account(AddressRoutes.askMain, form: AddressRoutes.makeMain),
        "/account/addresses/remove": .account(AddressRoutes.askRemoval, form: AddressRoutes.remove),
        "/account/addresses/username": .account(UsernameRoutes.show, form: UsernameRoutes.save),
        "/account/passkeys": .account(PasskeyRoutes.show),
        "/account/passkeys/add": .account(
            NewPasskeyRoutes.show,
            form: NewPasskeyRoutes.add,
            capacity: NewPasskeyRoutes.capacity
        ),
        "/account/passkeys/options": .accountForm(on: "/account/passkeys/add", NewPasskeyRoutes.options),
        "/account/apps": .account(AppRoutes.show),
        "/account/apps/add": .accountOrRepair(AppSetupRoutes.name, form: AppSetupRoutes.begin),
        "/account/apps/set-up": .accountOrRepair(AppSetupRoutes.show, form: AppSetupRoutes.confirm),
        "/account/apps/qr": .accountOrRepair(AppSetupRoutes.qrCode),
        "/account/password": .accountOrRepair(PasswordSettingRoutes.show, form: PasswordSettingRoutes.save),
        "/account/password/remove": .account(PasswordSettingRoutes.askRemoval, form: PasswordSettingRoutes.remove),
        "/account/logins": .account(LoginRoutes.show),
        "/account/logins/link": .accountForm(on: .logins, LoginRoutes.link),
        "/account/logins/unlink": .account(LoginRoutes.askRemoval, form: LoginRoutes.unlink),
        "/account/recovery": .account(RecoveryCodeRoutes.show),
        "/account/recovery/make": .account(RecoveryCodeRoutes.ask, form: RecoveryCodeRoutes.make),
        "/account/recovery/codes": .account(RecoveryCodeRoutes.codes),
        "/account/sessions": .account(SessionRoutes.show),
        "/account/sessions/end": .accountForm(on: .sessions, SessionRoutes.end),
        "/account/sessions/end-others": .accountForm(on: .sessions, SessionRoutes.endOthers),
        "/account/activity": .account(ActivityRoutes.show),
        "/account/data": .account(DataRoutes.show),
        "/account/data/download": .accountForm(on: .data, DataRoutes.download),
        "/account/delete": .account(LeaveRoutes.ask, form: LeaveRoutes.leave),
        "/account/deleted": .page(LeaveRoutes.done),
    ]
}
