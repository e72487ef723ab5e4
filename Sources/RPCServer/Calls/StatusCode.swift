/// Those of gRPC's sixteen codes of failure that the interface uses.
enum StatusCode {
    static let cancelled: UInt32 = 1
    static let invalidArgument: UInt32 = 3
    static let deadlineExceeded: UInt32 = 4
    static let notFound: UInt32 = 5
    static let alreadyExists: UInt32 = 6
    static let permissionDenied: UInt32 = 7
    static let resourceExhausted: UInt32 = 8
    static let failedPrecondition: UInt32 = 9
    static let aborted: UInt32 = 10
    static let unimplemented: UInt32 = 12
    static let internalFailure: UInt32 = 13
    static let unavailable: UInt32 = 14
    static let unauthenticated: UInt32 = 16
}
