// What the fuzz targets have in common. Built by Tests/Fuzz/run only.

internal import Glibc

/// One input of libFuzzer's; its first byte picks what the rest is.
package struct FuzzInput {
    /// The number of the only parser wanted, for a run of that one: the variable FUZZ_PARSER.
    private static let wanted = unsafe getenv("FUZZ_PARSER").flatMap { unsafe Int(String(cString: $0)) }

    /// The first byte, or the number of the only parser wanted.
    package let selector: Int
    /// The rest.
    package let bytes: [UInt8]

    /// Copies an input; nil for an empty one.
    package init?(_ start: UnsafePointer<UInt8>?, _ count: Int) {
        let input = unsafe UnsafeBufferPointer(start: start, count: count)
        guard let first = unsafe input.first else { return nil }
        selector = Self.wanted ?? Int(first)
        bytes = unsafe Array(input.dropFirst())
    }
}

/// What libFuzzer calls with each input: an address and a number of bytes.
package typealias FuzzFunction = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt

/// libFuzzer's driver; the build gives a program's entry a name of its own, so that libFuzzer's `main` is not taken.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ one: FuzzFunction
) -> CInt

/// Runs libFuzzer with a program's arguments; each target's entry does this and no more.
package func runFuzzer(
    _ count: CInt,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
    _ one: FuzzFunction
) -> CInt {
    var count = count
    var arguments = unsafe arguments
    return unsafe runDriver(&count, &arguments, one)
}
