internal import Cryptography
internal import Identity
internal import Wire

/// The methods of gatehouse.v1.TotpService.
struct TOTPHandlers: TotpServiceHandler {
    let totp: TOTPFlows

    func beginTotpEnrolment(
        _ request: BeginTotpEnrolmentRequest,
        context: CallContext
    ) async throws -> BeginTotpEnrolmentResponse {
        let started = try await totp.begin(name: request.name, context)
        return BeginTotpEnrolmentResponse(
            device: TotpDevice(started.device),
            secret: started.secret,
            provisioningUri: started.provisioningURI,
            expireTime: started.expiresAt.wire,
            qrCode: started.qrCode ?? SecretBytes(utf8: "")
        )
    }

    func confirmTotpEnrolment(
        _ request: ConfirmTotpEnrolmentRequest,
        context: CallContext
    ) async throws -> ConfirmTotpEnrolmentResponse {
        let id: TOTPDeviceID = try RequestFields.id(request.deviceID, "device_id")
        guard try await totp.confirm(id, code: request.code, context) else {
            throw RequestFields.invalid("code", "is not what the app shows now", .enrolmentRefused)
        }
        return ConfirmTotpEnrolmentResponse()
    }

    func listTotpDevices(
        _ request: ListTotpDevicesRequest,
        context: CallContext
    ) async throws -> ListTotpDevicesResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        return ListTotpDevicesResponse(devices: try await totp.list(user, context).map(TotpDevice.init))
    }

    func renameTotpDevice(
        _ request: RenameTotpDeviceRequest,
        context: CallContext
    ) async throws -> RenameTotpDeviceResponse {
        try await totp.rename(RequestFields.id(request.deviceID, "device_id"), to: request.name, context)
        return RenameTotpDeviceResponse()
    }

    func removeTotpDevice(
        _ request: RemoveTotpDeviceRequest,
        context: CallContext
    ) async throws -> RemoveTotpDeviceResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        try await totp.remove(RequestFields.id(request.deviceID, "device_id"), of: user, context)
        return RemoveTotpDeviceResponse()
    }
}

extension TotpDevice {
    fileprivate init(_ device: TOTPDevice) {
        self.init(
            id: device.id.description,
            userID: device.userID.description,
            name: device.name,
            createTime: device.createdAt.wire,
            confirmTime: device.confirmedAt?.wire,
            lastUseTime: device.lastUsedAt?.wire
        )
    }
}
