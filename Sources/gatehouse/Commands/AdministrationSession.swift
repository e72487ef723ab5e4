internal import Foundation
internal import Wire

/// One command's conversation with the server: requests and answers in JSON, whatever the method.
///
/// The commands speak the JSON form of the wire contract, so that what they print and what `call` takes is one thing.
struct AdministrationSession {
    let arguments: AdministrationArguments

    /// Calls a method with a JSON request.
    ///
    /// - Returns: The answer as JSON text.
    /// - Throws: `CommandFailure` with a sentence for the person at the terminal.
    func call(_ method: String, _ request: String) async throws -> String {
        let name = method.contains(".") ? method : "gatehouse.v1.\(method)"
        guard let descriptor = MethodTable.method(named: name) else {
            throw CommandFailure("There is no method \(method). `gatehouse methods` lists all.")
        }
        let message: [UInt8]
        do {
            message = try JSONTranscoder.decode(json: Array(request.utf8), as: descriptor.requestType)
        } catch {
            let field = error.fieldPath.map { "\($0) " } ?? ""
            throw CommandFailure("The request does not fit \(descriptor.requestType): \(field)\(error)")
        }
        let answer = try await AdministrationConnection(arguments).call(descriptor, message)
        return try JSONTranscoder.encode(answer, as: descriptor.responseType)
    }

    /// Calls a method with fields, and prints the answer: as JSON when asked for, else as `display` makes it.
    func run(_ method: String, _ fields: [String: Any], display: (JSONAnswer) -> String) async throws {
        let request = try JSONSerialization.data(withJSONObject: fields)
        let answer = try await call(method, String(decoding: request, as: UTF8.self))
        print(arguments.json ? answer : display(JSONAnswer(answer)))
    }

    /// Calls a method with fields.
    func ask(_ method: String, _ fields: [String: Any]) async throws -> JSONAnswer {
        let request = try JSONSerialization.data(withJSONObject: fields)
        return JSONAnswer(try await call(method, String(decoding: request, as: UTF8.self)))
    }

    /// Walks all pages of a list, printing as they come; stops after `limit` rows.
    func list(
        _ method: String,
        _ fields: [String: Any],
        items: String,
        limit: Int,
        header: [String],
        row: (JSONAnswer) -> [String]
    ) async throws {
        var rows: [[String]] = []
        var token = ""
        repeat {
            var request = fields
            request["pageSize"] = min(limit - rows.count, 1000)
            request["pageToken"] = token
            let data = try JSONSerialization.data(withJSONObject: request)
            let text = try await call(method, String(decoding: data, as: UTF8.self))
            if arguments.json { print(text) }
            let answer = JSONAnswer(text)
            rows += answer[items].elements.map(row)
            token = answer["nextPageToken"].text
        } while !token.isEmpty && rows.count < limit
        guard !arguments.json else { return }
        print(rows.isEmpty ? "None." : Table(header: header, rows: rows).text)
        if !token.isEmpty { print("… and more; raise --limit to see them.") }
    }
}
