// libFuzzer's entry: password records as they are imported, passwords as they are typed, and the files beside them. Built
// and run by Tests/Fuzz/run.

import FuzzDriver

@testable import Cryptography
@testable import Passwords

/// The first byte of an input picks what the rest is.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let input = unsafe FuzzInput(start, count) else { return 0 }
    switch input.selector % 4 {
    case 0: record(input.bytes)
    case 1: password(input.bytes)
    case 2: _ = try? BlocklistHeader(Array(input.bytes.prefix(32)), fileCount: input.bytes.count)
    default: _ = try? KeyRing.parse(input.bytes)
    }
    return 0
}

/// A record comes out as it went in, says what it costs, and is no record of what we try.
private func record(_ bytes: [UInt8]) {
    guard let text = String(validating: bytes, as: UTF8.self), let record = try? PasswordRecord(text) else { return }
    precondition((try? PasswordRecord(record.text)) == record, "a record that was read is not stable")
    precondition(record.memoryCount >= 0 && record.estimatedMicroseconds >= 0, "a record costs less than nothing")
    guard record.isWithin(limits), let cheap else { return }
    var memory = Argon2Memory(for: cheap)
    _ = try? record.verify(SecretBytes(copying: [0x78]), memory: &memory)
}

/// What may be tried a million times.
private let limits = PasswordVerificationLimits(memoryCount: 1 << 20, microseconds: 100)
private let cheap = Argon2Parameters(memory: 64, passes: 1, lanes: 1)

private let policy = PasswordPolicy(
    blocklists: [Blocklist(passwords: ["password", "correct horse battery staple"])],
    siteNames: ["Gatehouse", "login.example.org"]
)

/// A password that was accepted has a form to be hashed in.
private func password(_ bytes: [UInt8]) {
    guard let text = String(validating: bytes, as: UTF8.self), let policy else { return }
    let context = PasswordContext(identifiers: ["alice@example.org"], names: ["Alice Example"])
    let review = try? policy.review(text, for: .withSecondFactor, context: context)
    if case .accepted = review {
        precondition(PresentedPassword(text).current != nil, "an accepted password has no form")
    }
}

/// The program's entry.
@_cdecl("PasswordsFuzz_main")
public func fuzzMain(
    _ count: CInt,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
    unsafe runFuzzer(count, arguments, fuzzOne)
}
