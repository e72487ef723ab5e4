/// How long a device stays recognised, and how many of a user.
package struct DevicePolicy: Sendable {
    /// Counted from the last sign-in on it.
    package var lifetime: Duration = .seconds(15_552_000)
    /// Counted from the first sign-in on it, however often it is used.
    package var longestLifetime: Duration = .seconds(31_536_000)
    /// One more replaces the one that was not used for longest.
    package var maximumPerUser: UInt32 = 20

    /// How long a second factor is not asked for on a device whose owner wants that.
    package var rememberedFor: Duration = .seconds(2_592_000)

    package init() {}
}
