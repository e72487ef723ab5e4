/// What was done to a password before it was hashed; stored beside the record.
package struct PasswordTreatment: Sendable, Hashable {
    /// Version of the normalisation; 0 for an import, hashed as it was typed elsewhere.
    package let normalizationVersion: UInt16
    /// Key of the pepper; nil for an import, which has none.
    package let pepperKeyID: UInt32?

    package init(normalizationVersion: UInt16, pepperKeyID: UInt32?) {
        self.normalizationVersion = normalizationVersion
        self.pepperKeyID = pepperKeyID
    }
}

extension PasswordRecord {
    /// Whether the record must be made anew the next time its password is seen (SECURITY PW-08).
    ///
    /// Any difference counts, so that costs follow the configuration down as well as up.
    package func needsRehash(
        for current: Argon2Parameters,
        treatment: PasswordTreatment,
        currentTreatment: PasswordTreatment
    ) -> Bool {
        guard case .argon2(let record) = self, treatment == currentTreatment else { return true }
        return record.parameters != current || record.salt.count < Argon2.saltCount || record.isDjango
    }
}
