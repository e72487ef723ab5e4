/// How many recovery codes somebody gets (SECURITY RC-01).
package struct RecoveryCodePolicy: Sendable {
    /// 8 to 16.
    package var count = 10

    package init() {}
}
