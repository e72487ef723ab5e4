/// A value that can stand for a `?` of a statement.
package protocol SQLBindable {
    /// Appends exactly one parameter.
    func bind(to parameters: inout Parameters)
}

extension Int64: SQLBindable {
    package func bind(to parameters: inout Parameters) { parameters.append(signed: self) }
}
extension Int32: SQLBindable {
    package func bind(to parameters: inout Parameters) { parameters.append(signed: Int64(self)) }
}
extension Int: SQLBindable {
    package func bind(to parameters: inout Parameters) { parameters.append(signed: Int64(self)) }
}
extension UInt64: SQLBindable {
    package func bind(to parameters: inout Parameters) { parameters.append(unsigned: self) }
}
extension UInt32: SQLBindable {
    package func bind(to parameters: inout Parameters) { parameters.append(unsigned: UInt64(self)) }
}
extension UInt16: SQLBindable {
    package func bind(to parameters: inout Parameters) { parameters.append(unsigned: UInt64(self)) }
}
extension UInt8: SQLBindable {
    package func bind(to parameters: inout Parameters) { parameters.append(unsigned: UInt64(self)) }
}
extension Bool: SQLBindable {
    package func bind(to parameters: inout Parameters) { parameters.append(unsigned: self ? 1 : 0) }
}
extension Double: SQLBindable {
    package func bind(to parameters: inout Parameters) { parameters.append(double: self) }
}
extension String: SQLBindable {
    package func bind(to parameters: inout Parameters) { parameters.append(text: self) }
}
extension [UInt8]: SQLBindable {
    package func bind(to parameters: inout Parameters) { parameters.append(bytes: self) }
}
extension Timestamp: SQLBindable {
    package func bind(to parameters: inout Parameters) { parameters.append(moment: self) }
}
extension SQLDecimal: SQLBindable {
    package func bind(to parameters: inout Parameters) { parameters.append(text: description) }
}
extension SQLJSON: SQLBindable {
    package func bind(to parameters: inout Parameters) { parameters.append(text: text) }
}
extension Optional: SQLBindable where Wrapped: SQLBindable {
    package func bind(to parameters: inout Parameters) {
        switch self {
        case .some(let value): value.bind(to: &parameters)
        case .none: parameters.appendNull()
        }
    }
}
extension SQLBindable where Self: RawRepresentable, RawValue: SQLBindable {
    package func bind(to parameters: inout Parameters) { rawValue.bind(to: &parameters) }
}
