import CGatehouseProtos

/// `google.protobuf.Duration`: at most 10,000 years either way, nanoseconds; finer parts are cut off.
extension Duration: @unsafe CBacked {
    static var wireSeconds: ClosedRange<Int64> { -315_576_000_000...315_576_000_000 }

    static func initialize(_ message: UnsafeMutablePointer<Google__Protobuf__Duration>) {
        unsafe google__protobuf__duration__init(message)
    }

    init(reading message: UnsafePointer<Google__Protobuf__Duration>) throws(WireError) {
        let fields = unsafe message.pointee
        let (seconds, nanoseconds) = unsafe (fields.seconds, fields.nanos)
        let hasOneSign = seconds == 0 || nanoseconds == 0 || (seconds < 0) == (nanoseconds < 0)
        guard Self.wireSeconds.contains(seconds), (-999_999_999...999_999_999).contains(nanoseconds), hasOneSign else {
            throw WireError(.outOfRange)
        }
        self = .seconds(seconds) + .nanoseconds(nanoseconds)
    }

    func write(to message: UnsafeMutablePointer<Google__Protobuf__Duration>, in arena: Arena) {
        let (seconds, attoseconds) = components
        let limited = min(max(seconds, Self.wireSeconds.lowerBound), Self.wireSeconds.upperBound)
        unsafe message.pointee.seconds = limited
        unsafe message.pointee.nanos = limited == seconds ? Int32(attoseconds / 1_000_000_000) : 0
    }
}
