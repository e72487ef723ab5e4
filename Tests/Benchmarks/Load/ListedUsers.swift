internal import ArgumentParser
internal import RPCClient
internal import Wire

/// The list that is read, by the names of its request.
struct ListArguments: ParsableArguments {
    @Option(help: "Filter of the list.") var filter = ""
    @Option(help: "Order of the list.") var sort = ""
    @Option(help: "Number of the state that the list is of; 0: all.") var state: Int32 = 0
    @Option(help: "Text to search people by instead.") var query = ""
}

/// Reads the first page of a list of users over and over.
struct ListedUsers: Sendable {
    let client: GatehouseClient
    let filter: String
    let sort: String
    let state: UserState
    let query: String

    init(_ client: GatehouseClient, _ arguments: ListArguments) {
        self.client = client
        (filter, sort, query) = (arguments.filter, arguments.sort, arguments.query)
        state = UserState(rawValue: arguments.state) ?? .unspecified
    }

    /// Reads the page; returns how many users are on it.
    func read() async throws -> Int {
        let service = UserServiceClient(client)
        guard query.isEmpty else {
            return try await service.findUsers(FindUsersRequest(query: query)).users.count
        }
        let request = ListUsersRequest(state: state, filter: filter, sort: sort)
        return try await service.listUsers(request).users.count
    }
}
