internal import HTTPExchange
internal import Vocabulary

/// The endpoint that a container gets credentials from: ECS, or EKS Pod Identity.
package struct ContainerProvider: CredentialsProvider {
    package let name = "container"
    private let surroundings: AWSSurroundings

    package init(_ surroundings: AWSSurroundings) { self.surroundings = surroundings }

    package func credentials() async throws(CredentialsFault) -> Credentials? {
        guard var request = try request() else { return nil }
        if let token = try token() { request.headers.append(HTTPHeader("Authorization", token.exposed)) }
        let response = try await PatientGet(surroundings: surroundings, source: name).send(request)
        let document = try CredentialsDocument.parse(response.body, from: name)
        return try CredentialsDocument.credentials(in: document, token: "Token", from: name)
    }

    private func request() throws(CredentialsFault) -> HTTPRequest? {
        let headers = [HTTPHeader("Accept", "application/json")]
        if let path = surroundings.environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            guard path.hasPrefix("/"), Self.isPlain(path) else {
                throw .refused("the path is none", in: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
            }
            return HTTPRequest(method: "GET", origin: "http://169.254.170.2", target: path, headers: headers)
        }
        guard let url = surroundings.environment("AWS_CONTAINER_CREDENTIALS_FULL_URI") else { return nil }
        guard let place = ContainerAddress(url) else {
            throw .refused(
                "a token goes over https or to a local address only",
                in: "AWS_CONTAINER_CREDENTIALS_FULL_URI"
            )
        }
        return HTTPRequest(method: "GET", origin: place.origin, target: place.target, headers: headers)
    }

    /// The file is read every time: the cluster writes a new token long before the old one ends.
    private func token() throws(CredentialsFault) -> Secret? {
        let variable = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
        let token: String
        if let path = surroundings.environment(variable + "_FILE") {
            token = try surroundings.text(path)
        } else if let value = surroundings.environment(variable) {
            token = value
        } else {
            return nil
        }
        guard Self.isPlain(token) else {
            throw .refused("the token has a line end or a control character", in: variable)
        }
        return Secret(token)
    }

    /// A line end would let a file write headers of its own.
    private static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f } }
}

/// A URL that may be given a container's token.
package struct ContainerAddress: Sendable, Hashable {
    package let origin: String
    package let target: String

    /// Nil for plain HTTP to anything but this machine and the addresses that AWS gives to its agents.
    package init?(_ url: String) {
        guard let place = url.firstRange(of: "://"), url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
        let scheme = url[..<place.lowerBound].lowercased()
        let rest = url[place.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.isEmpty, !authority.contains("@"), !authority.contains("\\"), !rest.contains("#"),
            scheme == "https" || scheme == "http" && Self.isLocal(Self.host(authority))
        else { return nil }
        let tail = String(rest.dropFirst(authority.count))
        origin = "\(scheme)://\(authority)"
        target = tail.hasPrefix("/") ? tail : "/" + tail
    }

    private static func host(_ authority: Substring) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return authority[authority.index(after: authority.startIndex)..<end].lowercased()
        }
        return authority.prefix { $0 != ":" }.lowercased()
    }

    private static func isLocal(_ host: String) -> Bool {
        if ["localhost", "169.254.170.2", "169.254.170.23", "fd00:ec2::23", "::1"].contains(host) { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil && $0.first != "+" }
    }
}

/// Asks a local endpoint three times with a second between.
struct PatientGet: Sendable {
    let surroundings: AWSSurroundings
    let source: String

    func send(_ request: HTTPRequest) async throws(CredentialsFault) -> HTTPResponse {
        var problem = ""
        for attempt in 1...3 {
            if attempt > 1 { await surroundings.time.pause(for: .seconds(1)) }
            do throws(HTTPFault) {
                let transport = surroundings.transport
                let response = try await surroundings.time.send(request, over: transport, within: .seconds(2))
                if response.status == 200 { return response }
                problem = "status \(response.status) of \(request.origin)"
                if (400..<500).contains(response.status) && response.status != 429 { break }
            } catch {
                problem = error.detail
            }
        }
        throw .unavailable(from: source, problem: problem, isPassing: true)
    }
}
