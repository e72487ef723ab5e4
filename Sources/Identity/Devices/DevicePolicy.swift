/// How long a device stays recognised, and how many of a user.
package struct DevicePolicy: Sendable {
    /// Counted from the last sign-in on it.
    package var lifetime: Duration = .seconds(15_552_000)
    /// One more replaces the one that was not used for longest.
    package var maximumPerUser: UInt32 = 20

    package init() {}
}
