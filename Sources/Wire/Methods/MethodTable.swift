/// Every method of the interface.
package enum MethodTable {
    /// By full name; the bytes must be equal, so no prefix slash, other case or composed form is taken for it (RPC-04).
    package static func method(named name: String) -> MethodDescriptor? {
        // A dictionary compares canonically equivalent texts as equal.
        guard let method = byName[name], method.fullName.utf8.elementsEqual(name.utf8) else { return nil }
        return method
    }

    private static let byName = Dictionary(all.map { ($0.fullName, $0) }, uniquingKeysWith: { first, _ in first })
}
