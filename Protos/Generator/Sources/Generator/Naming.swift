import Foundation
import SwiftProtobufPluginLibrary

/// How names of the schema become names of Swift and of protoc-c.
enum Naming {
    private static let upperCased: Set<String> = ["id", "url", "rpc"]

    /// The envelope's messages would clash with common words; the frame itself is written by hand over its oneof.
    private static let renamed: [String: String] = [
        "gatehouse.rpc.v1.Frame": "FrameEnvelope",
        "gatehouse.rpc.v1.Call": "CallFrame",
        "gatehouse.rpc.v1.Reply": "ReplyFrame",
        "gatehouse.rpc.v1.Item": "ItemFrame",
        "gatehouse.rpc.v1.End": "EndFrame",
        "gatehouse.rpc.v1.Cancel": "CancelFrame",
        "gatehouse.rpc.v1.Ping": "PingFrame",
        "gatehouse.rpc.v1.Pong": "PongFrame",
        "gatehouse.rpc.v1.GoAway": "GoAwayFrame",
        "gatehouse.rpc.v1.Credit": "CreditFrame",
    ]

    static func type(fullName: String, name: String) -> String { renamed[fullName] ?? name }

    /// `user_id` -> `userID`.
    static func lowerCamel(_ name: String) -> String {
        let words = name.lowercased().split(separator: "_").map(String.init)
        let tail = words.dropFirst().map { upperCased.contains($0) ? $0.uppercased() : capitalised($0) }
        return ([words.first ?? ""] + tail).joined()
    }

    /// `service_account` -> `ServiceAccount`.
    static func upperCamel(_ name: String) -> String {
        name.split(separator: "_").map { capitalised(String($0)) }.joined()
    }

    /// `GetUser` -> `getUser`.
    static func member(_ name: String) -> String { name.prefix(1).lowercased() + name.dropFirst() }

    /// `USER_STATE_PENDING_DELETION` of `UserState` -> `pendingDeletion`.
    static func enumCase(_ value: String, of type: String) -> String {
        let prefix = snake(type).uppercased() + "_"
        return lowerCamel(value.hasPrefix(prefix) ? String(value.dropFirst(prefix.count)) : value)
    }

    /// `gatehouse.v1.GetUserRequest` -> `Gatehouse__V1__GetUserRequest`.
    static func cType(_ fullName: String) -> String {
        fullName.split(separator: ".").map { capitalised(String($0)) }.joined(separator: "__")
    }

    /// `gatehouse.v1.GetUserRequest` -> `gatehouse__v1__get_user_request`.
    static func cPrefix(_ fullName: String) -> String {
        fullName.split(separator: ".").map { snake(String($0)) }.joined(separator: "__")
    }

    static func capitalised(_ word: String) -> String { word.prefix(1).uppercased() + word.dropFirst() }

    private static func snake(_ name: String) -> String {
        var result = ""
        for character in name {
            if character.isUppercase, !result.isEmpty { result.append("_") }
            result.append(contentsOf: character.lowercased())
        }
        return result
    }
}
