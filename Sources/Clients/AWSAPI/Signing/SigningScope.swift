package import Vocabulary

/// What a signature is good for, besides its day.
package struct SigningScope: Sendable, Hashable {
    package var service: String
    package var region: String

    package init(service: String, region: String) {
        self.service = service
        self.region = region
    }

    package init(service: String, region: RegionName) { self.init(service: service, region: region.rawValue) }

    /// Written as `DAY/REGION/SERVICE/aws4_request`.
    func text(on day: String) -> String { "\(day)/\(region)/\(service)/aws4_request" }
}
