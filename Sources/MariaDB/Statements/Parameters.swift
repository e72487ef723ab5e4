internal import CMariaDB

/// Collects the values of one execution, in binary form, in a buffer that is used again and again.
package struct Parameters {
    let buffer: ParameterBuffer

    /// Appends any bindable value.
    package mutating func append(_ value: some SQLBindable) {
        value.bind(to: &self)
    }

    /// Appends NULL.
    package mutating func appendNull() {
        unsafe buffer.append(MYSQL_TYPE_NULL, bytes: UnsafeRawBufferPointer(start: nil, count: 0))
    }

    /// Appends bytes without making an array of them.
    package mutating func append(bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { unsafe buffer.append(MYSQL_TYPE_BLOB, bytes: $0) }
    }

    mutating func append(bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe buffer.append(MYSQL_TYPE_BLOB, bytes: $0) }
    }

    mutating func append(text: String) {
        var text = text
        text.withUTF8 { unsafe buffer.append(MYSQL_TYPE_STRING, bytes: UnsafeRawBufferPointer($0)) }
    }

    mutating func append(signed value: Int64) {
        unsafe withUnsafeBytes(of: value) { unsafe buffer.append(MYSQL_TYPE_LONGLONG, bytes: $0) }
    }

    mutating func append(unsigned value: UInt64) {
        unsafe withUnsafeBytes(of: value) { unsafe buffer.append(MYSQL_TYPE_LONGLONG, isUnsigned: true, bytes: $0) }
    }

    mutating func append(double value: Double) {
        unsafe withUnsafeBytes(of: value) { unsafe buffer.append(MYSQL_TYPE_DOUBLE, bytes: $0) }
    }

    /// Appends a moment; one outside the years 1 to 9999 makes the execution fail with `.dataTooLong`.
    mutating func append(moment: Timestamp) {
        let civil = CivilTime(moment)
        guard (1...9999).contains(civil.year) else {
            buffer.failure = DatabaseError(.dataTooLong, "a timestamp is outside the years 1 to 9999")
            return appendNull()
        }
        var time = MYSQL_TIME()
        time.year = UInt32(truncatingIfNeeded: civil.year)
        time.month = UInt32(truncatingIfNeeded: civil.month)
        time.day = UInt32(truncatingIfNeeded: civil.day)
        time.hour = UInt32(truncatingIfNeeded: civil.hour)
        time.minute = UInt32(truncatingIfNeeded: civil.minute)
        time.second = UInt32(truncatingIfNeeded: civil.second)
        time.second_part = UInt(truncatingIfNeeded: civil.microsecond)
        time.time_type = MYSQL_TIMESTAMP_DATETIME
        unsafe withUnsafeBytes(of: time) { unsafe buffer.append(MYSQL_TYPE_DATETIME, bytes: $0) }
    }
}
