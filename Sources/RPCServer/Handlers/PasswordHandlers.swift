internal import Cryptography
internal import Identity
internal import Wire

/// The methods of gatehouse.v1.PasswordService.
struct PasswordHandlers: PasswordServiceHandler {
    let passwords: PasswordFlows

    func getPassword(_ request: GetPasswordRequest, context: CallContext) async throws -> GetPasswordResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        let status = try await passwords.status(of: user, context).map {
            Wire.PasswordStatus(changeTime: $0.changedAt.wire, resetDemandTime: $0.resetDemandedAt?.wire)
        }
        return GetPasswordResponse(password: status)
    }

    func setPassword(_ request: SetPasswordRequest, context: CallContext) async throws -> SetPasswordResponse {
        let current = request.currentPassword.count > 0 ? request.currentPassword : nil
        try await passwords.set(request.newPassword, current: current, context)
        return SetPasswordResponse()
    }

    func removePassword(
        _ request: RemovePasswordRequest,
        context: CallContext
    ) async throws -> RemovePasswordResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        try await passwords.remove(of: user, evenIfLastWayIn: request.evenIfLastWayIn, context)
        return RemovePasswordResponse()
    }

    func demandPasswordReset(
        _ request: DemandPasswordResetRequest,
        context: CallContext
    ) async throws -> DemandPasswordResetResponse {
        try await passwords.demandReset(of: RequestFields.id(request.userID, "user_id"), context)
        return DemandPasswordResetResponse()
    }

    func importPasswordRecord(
        _ request: ImportPasswordRecordRequest,
        context: CallContext
    ) async throws -> ImportPasswordRecordResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        guard let record = request.record.validatedUTF8String() else {
            throw RequestFields.invalid("record", "must be UTF-8")
        }
        try await passwords.importRecord(record, of: user, context)
        return ImportPasswordRecordResponse()
    }
}
