extension SiteFiles {
    /// Every file of `Web/` but the Swift ones.
    ///
    /// The build embeds each under its last name alone; a test compares this table with the folders.
    static let embedded: [String: [UInt8]] = [
        "Locales/ar.json": PackageResources.ar_json,
        "Locales/de.json": PackageResources.de_json,
        "Locales/en.json": PackageResources.en_json,
        "Mail/code.html.mustache": PackageResources.code_html_mustache,
        "Mail/code.txt.mustache": PackageResources.code_txt_mustache,
        "Mail/invitation.html.mustache": PackageResources.invitation_html_mustache,
        "Mail/invitation.txt.mustache": PackageResources.invitation_txt_mustache,
        "Mail/notice.html.mustache": PackageResources.notice_html_mustache,
        "Mail/notice.txt.mustache": PackageResources.notice_txt_mustache,
        "Static/mark.svg": PackageResources.mark_svg,
        "Static/passkeys.js": PackageResources.passkeys_js,
        "Static/passwords.js": PackageResources.passwords_js,
        "Static/site.css": PackageResources.site_css,
        "Templates/account.mustache": PackageResources.account_mustache,
        "Templates/app-code.mustache": PackageResources.app_code_mustache,
        "Templates/password.mustache": PackageResources.password_mustache,
        "Templates/code.mustache": PackageResources.code_mustache,
        "Templates/confirm.mustache": PackageResources.confirm_mustache,
        "Templates/error.mustache": PackageResources.error_mustache,
        "Templates/foot.mustache": PackageResources.foot_mustache,
        "Templates/head.mustache": PackageResources.head_mustache,
        "Templates/link.mustache": PackageResources.link_mustache,
        "Templates/notice.mustache": PackageResources.notice_mustache,
        "Templates/add-passkey.mustache": PackageResources.add_passkey_mustache,
        "Templates/passkey.mustache": PackageResources.passkey_mustache,
        "Templates/passkey-step.mustache": PackageResources.passkey_step_mustache,
        "Templates/recovery-code.mustache": PackageResources.recovery_code_mustache,
        "Templates/repair.mustache": PackageResources.repair_mustache,
        "Templates/ways.mustache": PackageResources.ways_mustache,
        "Templates/sign-in.mustache": PackageResources.sign_in_mustache,
        "Templates/signed-out.mustache": PackageResources.signed_out_mustache,
    ]
}
