package import MariaDB

extension IdentityCore {
    /// All migrations, oldest first; each file is frozen by its checksum once it is applied somewhere.
    package static let migrations: [Migration] = [
        Migration(
            number: 1,
            name: "core",
            up: String(decoding: PackageResources._001_core_up_sql, as: UTF8.self),
            down: String(decoding: PackageResources._001_core_down_sql, as: UTF8.self)
        ),
        Migration(
            number: 2,
            name: "devices",
            up: String(decoding: PackageResources._002_devices_up_sql, as: UTF8.self),
            down: String(decoding: PackageResources._002_devices_down_sql, as: UTF8.self)
        ),
        Migration(
            number: 3,
            name: "totp",
            up: String(decoding: PackageResources._003_totp_up_sql, as: UTF8.self),
            down: String(decoding: PackageResources._003_totp_down_sql, as: UTF8.self)
        ),
        Migration(
            number: 4,
            name: "passkeys",
            up: String(decoding: PackageResources._004_passkeys_up_sql, as: UTF8.self),
            down: String(decoding: PackageResources._004_passkeys_down_sql, as: UTF8.self)
        ),
        Migration(
            number: 5,
            name: "passwords",
            up: String(decoding: PackageResources._005_passwords_up_sql, as: UTF8.self),
            down: String(decoding: PackageResources._005_passwords_down_sql, as: UTF8.self)
        ),
        Migration(
            number: 6,
            name: "metadata",
            up: String(decoding: PackageResources._006_metadata_up_sql, as: UTF8.self),
            down: String(decoding: PackageResources._006_metadata_down_sql, as: UTF8.self)
        ),
        Migration(
            number: 8,
            name: "audit",
            up: String(decoding: PackageResources._008_audit_up_sql, as: UTF8.self),
            down: String(decoding: PackageResources._008_audit_down_sql, as: UTF8.self)
        ),
        Migration(
            number: 9,
            name: "profiles",
            up: String(decoding: PackageResources._009_profiles_up_sql, as: UTF8.self),
            down: String(decoding: PackageResources._009_profiles_down_sql, as: UTF8.self)
        ),
        Migration(
            number: 10,
            name: "lifecycle",
            up: String(decoding: PackageResources._010_lifecycle_up_sql, as: UTF8.self),
            down: String(decoding: PackageResources._010_lifecycle_down_sql, as: UTF8.self)
        ),
        Migration(
            number: 11,
            name: "membership",
            up: String(decoding: PackageResources._011_membership_up_sql, as: UTF8.self),
            down: String(decoding: PackageResources._011_membership_down_sql, as: UTF8.self)
        ),
        Migration(
            number: 12,
            name: "search",
            up: String(decoding: PackageResources._012_search_up_sql, as: UTF8.self),
            down: String(decoding: PackageResources._012_search_down_sql, as: UTF8.self)
        ),
        Migration(
            number: 13,
            name: "flow_devices",
            up: String(decoding: PackageResources._013_flow_devices_up_sql, as: UTF8.self),
            down: String(decoding: PackageResources._013_flow_devices_down_sql, as: UTF8.self)
        ),
        Migration(
            number: 14,
            name: "transfer",
            up: String(decoding: PackageResources._014_transfer_up_sql, as: UTF8.self),
            down: String(decoding: PackageResources._014_transfer_down_sql, as: UTF8.self)
        ),
        Migration(
            number: 15,
            name: "texts",
            up: String(decoding: PackageResources._015_texts_up_sql, as: UTF8.self),
            down: String(decoding: PackageResources._015_texts_down_sql, as: UTF8.self)
        ),
        Migration(
            number: 16,
            name: "applications",
            up: String(decoding: PackageResources._016_applications_up_sql, as: UTF8.self),
            down: String(decoding: PackageResources._016_applications_down_sql, as: UTF8.self)
        ),
        Migration(
            number: 17,
            name: "external_logins",
            up: String(decoding: PackageResources._017_external_logins_up_sql, as: UTF8.self),
            down: String(decoding: PackageResources._017_external_logins_down_sql, as: UTF8.self)
        ),
    ]

    /// The version of the schema that this program works with.
    package static var schemaVersion: Int { migrations.last?.number ?? 0 }
}
