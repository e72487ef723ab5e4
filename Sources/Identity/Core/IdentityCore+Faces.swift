package import Cryptography
package import MariaDB

// What a face binds its own cookies and forms with, and the clock that they tell times by.
extension IdentityCore {
    /// The server's keys.
    package var keyRing: KeyRing { parts.keyRing }

    /// The numbers that pages tell people.
    package var policy: IdentityPolicy { parts.policy }

    /// How long a device is recognised after a sign-in on it.
    package var deviceLifetime: Duration { parts.policy.devices.lifetime }

    /// The time of day of the domain's clock.
    package func now() -> Timestamp { parts.clock.now() }
}
