internal import Identity
internal import Wire

/// The methods of gatehouse.v1.RecoveryCodeService.
struct RecoveryCodeHandlers: RecoveryCodeServiceHandler {
    let recoveryCodes: RecoveryCodeFlows

    func generateRecoveryCodes(
        _ request: GenerateRecoveryCodesRequest,
        context: CallContext
    ) async throws -> GenerateRecoveryCodesResponse {
        let codes = try await recoveryCodes.generate(context)
        return GenerateRecoveryCodesResponse(codes: codes.map { Wire.RecoveryCode(code: $0) })
    }

    func countRecoveryCodes(
        _ request: CountRecoveryCodesRequest,
        context: CallContext
    ) async throws -> CountRecoveryCodesResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        let remaining = try await recoveryCodes.remaining(of: user, context)
        return CountRecoveryCodesResponse(remaining: UInt32(clamping: remaining))
    }
}
