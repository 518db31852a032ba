internal import Vocabulary

/// The profiles of the two files, and which one is ours.
package struct AWSProfiles: Sendable, Hashable {
    package struct Profile: Sendable, Hashable {
        package var name: String
        package var values: [String: String]

        package subscript(key: String) -> String? { values[key].flatMap { $0.isEmpty ? nil : $0 } }
        var place: String { "profile \(name)" }
        var hasKeys: Bool { self["aws_access_key_id"] != nil }
        var assumesRole: Bool { self["role_arn"] != nil && self["web_identity_token_file"] == nil }
    }

    private let config: SettingsFile
    private let credentials: SettingsFile
    package let name: String
    private let isNamed: Bool

    /// Absent files are empty ones.
    package init(_ surroundings: AWSSurroundings) throws(CredentialsFault) {
        config = try Self.file("AWS_CONFIG_FILE", "~/.aws/config", surroundings)
        credentials = try Self.file("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials", surroundings)
        let named = surroundings.environment("AWS_PROFILE") ?? surroundings.environment("AWS_DEFAULT_PROFILE")
        name = named ?? "default"
        isNamed = named != nil
    }

    private static func file(
        _ variable: String,
        _ usual: String,
        _ surroundings: AWSSurroundings
    ) throws(CredentialsFault) -> SettingsFile {
        let path = surroundings.expanded(surroundings.environment(variable) ?? usual)
        switch surroundings.file(path) {
        case .bytes(let bytes): return try SettingsFile(bytes, file: path)
        case .absent: return SettingsFile()
        case .failed(let problem): throw .file(path: path, problem: problem)
        }
    }

    /// Our profile; empty when there is none and nobody asked for one.
    package func ours() throws(CredentialsFault) -> Profile {
        if let profile = profile(name) { return profile }
        guard isNamed else { return Profile(name: name, values: [:]) }
        throw .setting("there is no profile “\(name)”", in: "AWS_PROFILE", remedy: "name a profile that is there")
    }

    /// A profile of both files; values of the credentials file win.
    package func profile(_ name: String) -> Profile? {
        let configured = config.sections["profile \(name)"] ?? (name == "default" ? config.sections["default"] : nil)
        let shared = credentials.sections[name]
        guard configured != nil || shared != nil else { return nil }
        let values = (configured?.values ?? [:]).merging(shared?.values ?? [:]) { $1 }
        return Profile(name: name, values: values)
    }

    func session(_ name: String) -> [String: String]? { config.sections["sso-session \(name)"]?.values }

    /// Settings of services by their id in lower case, such as `auto_scaling`.
    func services(_ name: String) -> [String: [String: String]] { config.sections["services \(name)"]?.groups ?? [:] }
}
