package import Cryptography
package import MariaDB
package import OneTimePasswords

/// An authenticator app of a user; its secret is shown at enrolment, and never again.
package struct TOTPDevice: Sendable, Hashable {
    package let id: TOTPDeviceID
    package let userID: UserID
    /// What its owner calls it: 1 to 100 characters.
    package let name: String
    package let parameters: TOTP.Parameters
    package let createdAt: Timestamp
    /// nil while no code proved that the app has the secret.
    package let confirmedAt: Timestamp?
    package let lastUsedAt: Timestamp?
}

/// What a person needs to set an app up; shown once.
package struct StartedTOTPEnrolment: Sendable {
    package let device: TOTPDevice
    /// The secret in base 32, to be typed into an app.
    package let secret: SecretBytes
    /// The `otpauth` URI, as a QR code shows it.
    package let provisioningURI: SecretBytes
    /// The URI drawn as an SVG image; nil when names make it too long to be drawn.
    package let qrCode: SecretBytes?
    /// Until then a code confirms it.
    package let expiresAt: Timestamp
}

/// The numbers of authenticator apps.
package struct TOTPPolicy: Sendable {
    /// Who asks for codes, as apps show it; nil: the site's name.
    package var issuer: String?
    /// How our codes are made; what every app understands.
    package var parameters = TOTP.Parameters.standard
    /// Devices of a user, pending ones included.
    package var maximumPerUser = 10
    /// How long an enrolment waits for its first code.
    package var pendingLifetime: Duration = .seconds(600)

    package init() {}
}
