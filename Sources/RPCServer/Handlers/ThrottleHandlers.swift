internal import Identity
internal import Wire

/// The methods of gatehouse.v1.ThrottleService.
struct ThrottleHandlers: ThrottleServiceHandler {
    let throttles: ThrottleFlows

    func listThrottles(_ request: ListThrottlesRequest, context: CallContext) async throws -> ListThrottlesResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        return ListThrottlesResponse(throttles: try await throttles.get(user, context).map(Throttle.init))
    }

    func clearThrottles(
        _ request: ClearThrottlesRequest,
        context: CallContext
    ) async throws -> ClearThrottlesResponse {
        let count = try await throttles.clear(for: RequestFields.id(request.userID, "user_id"), context)
        return ClearThrottlesResponse(cleared: UInt32(clamping: count))
    }
}

extension Throttle {
    fileprivate init(_ status: ThrottleStatus) {
        self.init(
            kind: Wire.ThrottleKind(status.kind),
            method: status.label,
            tries: status.count,
            failuresInARow: status.consecutive,
            blockedUntil: status.blockedUntil?.wire,
            disableTime: status.disabledAt?.wire,
            updateTime: status.updatedAt.wire
        )
    }
}

extension Wire.ThrottleKind {
    /// Limits of sources, of blocks of numbers, of countries and in total belong to no user, so that they are never asked for.
    fileprivate init(_ kind: Identity.ThrottleKind) {
        switch kind {
        case .triesOfAccount: self = .tries
        case .sendInterval: self = .sendInterval
        case .sendsToAddress: self = .sendsToAddress
        case .sendsOfAccount: self = .sends
        case .noticesOfAccount: self = .notices
        case .beginsOfSource, .beginsOfPrefix, .triesOfSource, .triesOfPrefix, .triesInTotal, .sendsOfSource,
            .sendsOfPrefix, .sendsInTotal, .sendsToNumberBlock, .sendsToCountry:
            self = .unspecified
        }
    }
}
