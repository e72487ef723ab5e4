// libFuzzer's entry: frames, messages and JSON from foreign bytes. Built and run by Tests/Fuzz/run.

import FuzzDriver
import Wire

/// The first byte of an input picks what the rest is: 0 a stream of frames, then each type encoded, then each as JSON.
private let types: [any WireMessage.Type] = [
    GetUserResponse.self, FindUserRequest.self, UpdateUserRequest.self, RetryAfter.self,
    SubmitSignInCodeResponse.self, FrameEnvelope.self, CreateUserRequest.self, CreateServiceAccountRequest.self,
]

/// What must hold for every input: it is refused with an error, or what came of it is stable.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let input = unsafe FuzzInput(start, count) else { return 0 }
    let index = input.selector % (2 * types.count + 1)
    if index == 0 {
        frames(input.bytes)
    } else if index <= types.count {
        message(input.bytes, types[index - 1])
    } else {
        json(input.bytes, types[index - 1 - types.count])
    }
    return 0
}

private func frames(_ bytes: [UInt8]) {
    var decoder = FrameDecoder(maximumFrameBytes: 4096)
    for start in stride(from: 0, to: bytes.count, by: 7) {
        decoder.append(bytes[start..<min(start + 7, bytes.count)])
        while let frame = try? decoder.next() {
            var again = FrameDecoder()
            again.append(frame.encodedWithLength())
            precondition((try? again.next()) != nil, "a frame that was decoded does not decode again")
        }
        precondition(decoder.bufferedBytes <= 4096 + 4 + 7, "more is buffered than a frame may have")
    }
}

private func message(_ bytes: [UInt8], _ type: any WireMessage.Type) {
    guard let message = try? type.decode(bytes, limits: DecodingLimits(maximumBytes: 65536)) else { return }
    let encoded = message.encoded()
    let again = try? type.decode(encoded, limits: .reply)
    precondition(again?.encoded() == encoded, "a message that was decoded is not stable")
    precondition(
        (try? JSONTranscoder.encode(encoded, as: type.fullName)) != nil,
        "a message that was decoded has no JSON"
    )
}

private func json(_ bytes: [UInt8], _ type: any WireMessage.Type) {
    guard let encoded = try? JSONTranscoder.decode(json: bytes, as: type.fullName) else { return }
    let text = try? JSONTranscoder.encode(encoded, as: type.fullName)
    precondition(text != nil, "JSON that was read does not come out again")
}

/// The program's entry.
@_cdecl("WireFuzz_main")
public func fuzzMain(
    _ count: CInt,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
    unsafe runFuzzer(count, arguments, fuzzOne)
}
