extension AttestationStatement {
    /// No attestation (Level 3 section 8.7): the statement is empty.
    func verifyNone() throws(AttestationError) -> AttestationFinding {
        guard members.count == 0 else { throw .malformedStatement }
        return AttestationFinding(.none)
    }
}
