package import Vocabulary

extension AWSClient {
    /// All elements of a list that comes in pages.
    ///
    /// Bounded: a service that never ends, or gives the same token again, is an unreadable answer.
    package func all(
        _ service: String,
        _ operation: String,
        _ input: JSONObject,
        list: String,
        in region: RegionName,
        atMost limit: Int = 100_000
    ) async throws(AWSFault) -> [JSONValue] {
        var input = input
        var elements: [JSONValue] = []
        var tokens: Set<String> = []
        while true {
            let page = try await call(service, operation, .object(input), in: region)
            elements += page[list]?.array ?? []
            guard let token = page["NextToken"]?.string, !token.isEmpty else { return elements }
            guard tokens.insert(token).inserted, elements.count <= limit, tokens.count <= 10_000 else {
                throw AWSFault(
                    code: "UnreadableAnswer",
                    message: "the pages of \(list) do not end",
                    status: 200,
                    service: service,
                    operation: operation,
                    delivery: .unknown
                )
            }
            input["NextToken"] = .string(token)
        }
    }
}
