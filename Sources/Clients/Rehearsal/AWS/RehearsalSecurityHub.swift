import Vocabulary

/// The Security Hub of the rehearsed account: imports, updates and queries of findings.
struct RehearsalSecurityHub: Sendable {
    /// By their names in the API.
    enum Operation: String {
        case getFindings = "GetFindings"
        case batchUpdate = "BatchUpdateFindings"
        case batchImport = "BatchImportFindings"
    }

    struct Key: Hashable {
        var productArn: String
        var id: String
    }

    let account: AccountID
    let region: RegionName
    private let isEnabled: Bool
    private var order: [Key] = []
    var findings: [Key: RehearsalFinding] = [:]

    init(account: AccountID, region: RegionName, isEnabled: Bool) {
        self.account = account
        self.region = region
        self.isEnabled = isEnabled
    }

    init(_ documents: [JSONValue], account: AccountID, region: RegionName) {
        self.init(account: account, region: region, isEnabled: true)
        for document in documents {
            guard let object = document.object, let key = Self.key(document) else { continue }
            store(RehearsalFinding(object), at: key)
        }
    }

    /// All findings in the order in which they came.
    var documents: [JSONValue] { order.compactMap { findings[$0].map { .object($0.document) } } }

    static func operation(_ method: String, _ path: String) -> Operation? {
        switch (method, path) {
        case ("POST", "/findings"): .getFindings
        case ("PATCH", "/findings/batchupdate"): .batchUpdate
        case ("POST", "/findings/import"): .batchImport
        default: nil
        }
    }

    static func key(_ document: JSONValue) -> Key? {
        guard let product = document["ProductArn"]?.nonBlank, let id = document["Id"]?.nonBlank else { return nil }
        return Key(productArn: product, id: id)
    }

    mutating func store(_ finding: RehearsalFinding, at key: Key) {
        if findings.updateValue(finding, forKey: key) == nil { order.append(key) }
    }

    mutating func answer(
        _ operation: Operation,
        _ body: JSONValue,
        size: Int,
        now: Timestamp
    ) throws(RehearsalRefusal) -> JSONValue {
        guard body.object != nil else { throw Self.invalid("the request body must be a JSON object") }
        guard isEnabled else {
            throw RehearsalRefusal(
                "InvalidAccessException",
                "Account \(account) is not subscribed to AWS Security Hub",
                status: 401
            )
        }
        switch operation {
        case .getFindings: return try get(body, now: now)
        case .batchUpdate: return try update(body, now: now)
        case .batchImport: return try importFindings(body, size: size, now: now)
        }
    }

    static func invalid(_ message: String) -> RehearsalRefusal { RehearsalRefusal("InvalidInputException", message) }

    private func get(_ body: JSONValue, now: Timestamp) throws(RehearsalRefusal) -> JSONValue {
        if let stray = body.object?.keys.first(where: { !Self.getMembers.contains($0) }) {
            throw Self.invalid("Unknown parameter: \(stray.prefix(100))")
        }
        let limit = body["MaxResults"]?.integer ?? 100
        guard (1...100).contains(limit) else { throw Self.invalid("MaxResults must be between 1 and 100") }
        let filter = try FindingFilter(body["Filters"] ?? .object([:]), now: now)
        var selected: [JSONValue] = []
        for document in documents where try filter.selects(document) { selected.append(document) }
        try FindingFilter.sort(&selected, by: body["SortCriteria"])
        do throws(RehearsalRefusal) {
            return try RehearsalPage(selected, limit: Int(limit), token: body["NextToken"]?.nonBlank)
                .output(as: "Findings")
        } catch {
            throw Self.invalid("Invalid parameter NextToken")
        }
    }

    private static let getMembers: Set<String> = ["Filters", "SortCriteria", "NextToken", "MaxResults"]
}
