internal import AWSAPI
internal import Catalogue
internal import Findings
internal import Planning
internal import Vocabulary

/// Fetches a finding from Security Hub, for somebody who has its Id and nothing else at hand.
struct FindingLookup: Sendable {
    private let client: AWSClient
    private let region: RegionName

    /// - Throws: when the stage has no account, or nobody knows its Region.
    init(_ stage: RunStage) async throws(FindingLookupFault) {
        guard let client = stage.world.aws, let region = await stage.place(for: nil).region else { throw .noHub }
        self.client = client
        self.region = region
    }

    /// The one finding of this name.
    ///
    /// Who starts a run so is a person, and names a finding, not a pod: the subject's identity is checked as ever.
    func start(_ name: String) async throws -> RunStart {
        guard let key = FindingKey(name) else { throw FindingLookupFault.noId(name) }
        let finding = try Finding(try await document(key))
        return RunStart(
            finding: finding,
            event: nil,
            claim: SubjectClaim.resolve(finding),
            isNamedByPerson: false,
            isStartedByPerson: true
        )
    }

    private func document(_ key: FindingKey) async throws -> JSONValue {
        let place = key.region ?? region
        var filters: JSONObject = ["Id": Self.equals(key.id)]
        if let product = key.productArn { filters["ProductArn"] = Self.equals(product) }
        let found = try await client.all(
            "securityhub",
            "GetFindings",
            ["Filters": .object(filters), "MaxResults": 100],
            list: "Findings",
            in: place,
            atMost: 1_000
        )
        // A filter is the service's word; what is acted on must be what was asked for.
        let documents = found.filter {
            $0["Id"]?.string == key.id && (key.productArn == nil || $0["ProductArn"]?.string == key.productArn)
        }
        guard let document = documents.first else { throw FindingLookupFault.unknown(key.id, place) }
        guard documents.count == 1 else {
            let products = documents.map { $0["ProductArn"]?.string ?? "no product" }
            throw FindingLookupFault.ambiguous(key.id, products: products.sorted())
        }
        return document
    }

    private static func equals(_ value: String) -> JSONValue {
        [["Value": .string(value), "Comparison": "EQUALS"]]
    }
}
