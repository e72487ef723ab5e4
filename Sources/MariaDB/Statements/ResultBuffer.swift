internal import CMariaDB

/// Where the rows of one prepared statement land: one small fixed place per column, used for every row.
///
/// A value longer than its place is fetched again, whole, with `mysql_stmt_fetch_column`; the place is made larger (to a
/// limit) before the next execution.
@safe final class ResultBuffer {
    let columnCount: Int
    private let statement: UnsafeMutablePointer<MYSQL_STMT>
    private let binds: UnsafeMutableBufferPointer<MYSQL_BIND>
    private let lengths: UnsafeMutableBufferPointer<UInt>
    private let nulls: UnsafeMutableBufferPointer<my_bool>
    private let bytes: UnsafeMutableRawBufferPointer
    private let kinds: [ColumnKind]
    /// Bytes of each column for the next execution, where the present capacities were too small.
    private var wantedCapacities: [Int]
    private(set) var hasOutgrownColumns = false

    private static let firstCapacity = 256
    private static let largestCapacity = 64 * 1024

    /// Lays out places for the columns of an executed statement, at least as large as `capacities` says.
    init(borrowing statement: UnsafeMutablePointer<MYSQL_STMT>, capacities: [Int] = []) {
        unsafe self.statement = statement
        columnCount = Int(unsafe mysql_stmt_field_count(statement))
        let fields = unsafe UnsafeBufferPointer(start: mariadb_stmt_fetch_fields(statement), count: columnCount)
        kinds = unsafe fields.map { unsafe ColumnKind($0) }
        wantedCapacities = fields.indices.map { index in
            let kind = unsafe ColumnKind(fields[index])
            let grown = index < capacities.count ? capacities[index] : 0
            return unsafe max(kind.fixedByteCount ?? Int(min(fields[index].length, UInt(Self.firstCapacity))), grown)
        }
        unsafe binds = .allocate(capacity: columnCount)
        unsafe lengths = .allocate(capacity: columnCount)
        unsafe nulls = .allocate(capacity: columnCount)
        unsafe lengths.initialize(repeating: 0)
        unsafe nulls.initialize(repeating: 0)
        unsafe bytes = .allocate(
            byteCount: wantedCapacities.reduce(16) { $0 + $1.roundedUp(toMultipleOf: 16) },
            alignment: 16
        )
        unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0)
        layOut()
    }

    deinit {
        unsafe binds.deallocate()
        unsafe lengths.deallocate()
        unsafe nulls.deallocate()
        unsafe bytes.deallocate()
    }

    private func layOut() {
        var offset = 0
        for index in 0..<columnCount {
            var bind = unsafe MYSQL_BIND()
            unsafe bind.buffer_type = kinds[index].fetchType
            unsafe bind.is_unsigned = kinds[index] == .unsignedInteger ? 1 : 0
            unsafe bind.buffer = bytes.baseAddress?.advanced(by: offset)
            unsafe bind.buffer_length = UInt(wantedCapacities[index])
            unsafe bind.length = lengths.baseAddress?.advanced(by: index)
            unsafe bind.is_null = nulls.baseAddress?.advanced(by: index)
            unsafe binds.initializeElement(at: index, to: bind)
            offset += wantedCapacities[index].roundedUp(toMultipleOf: 16)
        }
    }

    /// Whether the statement still returns the columns this was made for (a table may change under a prepared statement).
    var fitsStatement: Bool {
        guard Int(unsafe mysql_stmt_field_count(statement)) == columnCount else { return false }
        let fields = unsafe UnsafeBufferPointer(start: mariadb_stmt_fetch_fields(statement), count: columnCount)
        return fields.indices.allSatisfy { unsafe ColumnKind(fields[$0]) == kinds[$0] }
    }

    /// The places to lay out after this execution.
    var capacities: [Int] { wantedCapacities }

    var bindPointer: UnsafeMutablePointer<MYSQL_BIND>? { unsafe binds.baseAddress }

    func kind(_ column: Int) -> ColumnKind { kinds[column] }

    func isNull(_ column: Int) -> Bool { unsafe nulls[column] != 0 }

    func load<T: BitwiseCopyable>(_ column: Int, as type: T.Type) -> T {
        guard let place = unsafe binds[column].buffer else { preconditionFailure("a laid out column has a place") }
        return unsafe place.load(as: type)
    }

    /// Lends the bytes of a text or binary column, however long; valid for the time of the call.
    func withBytes<R>(
        _ column: Int,
        _ body: (UnsafeRawBufferPointer) throws(DatabaseError) -> R
    ) throws(DatabaseError) -> R {
        let length = Int(unsafe lengths[column])
        guard unsafe length > Int(binds[column].buffer_length) else {
            return try unsafe body(UnsafeRawBufferPointer(start: binds[column].buffer, count: length))
        }
        wantedCapacities[column] = min(length.roundedUpToPowerOfTwo, Self.largestCapacity)
        if unsafe wantedCapacities[column] > Int(binds[column].buffer_length) { hasOutgrownColumns = true }
        let whole = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 1)
        defer { unsafe whole.deallocate() }
        try unsafe fetch(column, into: whole)
        return try unsafe body(UnsafeRawBufferPointer(whole))
    }

    private func fetch(_ column: Int, into whole: UnsafeMutableRawBufferPointer) throws(DatabaseError) {
        var (length, isNull, bind) = unsafe (UInt(0), my_bool(0), MYSQL_BIND())
        unsafe bind.buffer_type = MYSQL_TYPE_BLOB
        unsafe bind.buffer = whole.baseAddress
        unsafe bind.buffer_length = UInt(whole.count)
        let failed = unsafe withUnsafeMutablePointer(to: &length) { length in
            unsafe withUnsafeMutablePointer(to: &isNull) { isNull in
                unsafe bind.length = length
                unsafe bind.is_null = isNull
                return unsafe mysql_stmt_fetch_column(statement, &bind, UInt32(column), 0) != 0
            }
        }
        guard !failed, Int(length) == (whole.count) else {
            throw unsafe DatabaseError(statement: statement, file: #fileID, line: #line)
        }
    }

    func name(_ column: Int) -> String {
        guard column < columnCount, let fields = unsafe mariadb_stmt_fetch_fields(statement),
            let name = unsafe fields[column].name
        else { return "#\(column + 1)" }
        return unsafe String(cString: name)
    }
}

extension Int {
    /// The next power of two, for a size that is far from the end of the range.
    fileprivate var roundedUpToPowerOfTwo: Int {
        self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount)
    }
}
