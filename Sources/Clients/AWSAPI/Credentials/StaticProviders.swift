internal import Host
internal import Vocabulary

/// Keys in the environment.
package struct EnvironmentProvider: CredentialsProvider {
    package let name = "environment"
    private let surroundings: AWSSurroundings

    package init(_ surroundings: AWSSurroundings) { self.surroundings = surroundings }

    package func credentials() async throws(CredentialsFault) -> Credentials? {
        guard let key = surroundings.environment("AWS_ACCESS_KEY_ID") else { return nil }
        guard let secret = surroundings.environment("AWS_SECRET_ACCESS_KEY") else {
            let remedy = "set AWS_SECRET_ACCESS_KEY too, or neither"
            throw .setting("AWS_ACCESS_KEY_ID is set without its secret", in: "the environment", remedy: remedy)
        }
        return Credentials(
            accessKeyID: key,
            secretAccessKey: Secret(secret),
            sessionToken: surroundings.environment("AWS_SESSION_TOKEN").map { Secret($0) }
        )
    }
}

/// Keys in a profile.
struct ProfileKeysProvider: CredentialsProvider {
    let profile: AWSProfiles.Profile
    var name: String { "keys of \(profile.place)" }

    func credentials() async throws(CredentialsFault) -> Credentials? {
        guard let key = profile["aws_access_key_id"] else { return nil }
        guard let secret = profile["aws_secret_access_key"] else {
            let remedy = "add aws_secret_access_key"
            throw .setting("aws_access_key_id stands without its secret", in: profile.place, remedy: remedy)
        }
        return Credentials(
            accessKeyID: key,
            secretAccessKey: Secret(secret),
            sessionToken: profile["aws_session_token"].map { Secret($0) }
        )
    }
}

/// A program that prints credentials.
struct ProcessProvider: CredentialsProvider {
    let profile: AWSProfiles.Profile
    let surroundings: AWSSurroundings
    var name: String { "credential_process of \(profile.place)" }

    func credentials() async throws(CredentialsFault) -> Credentials? {
        guard let line = profile["credential_process"] else { return nil }
        guard let words = CommandWords.split(line), let program = words.first else {
            throw .setting("credential_process has an open quote or no program", in: profile.place, remedy: "close it")
        }
        let output: [UInt8]
        switch await surroundings.run(words) {
        case .printed(let bytes): output = bytes
        case .failed(let problem): throw .process(command: program, problem: problem)
        }
        let document: JSONValue
        do throws(JSONFault) { document = try JSONReader.parse(output, limits: .init(bytes: 1 << 20, depth: 16)) } catch
        {
            throw .process(command: program, problem: "what it printed is no JSON document")
        }
        guard document["Version"]?.integer == 1 else {
            throw .process(command: program, problem: "what it printed is not of Version 1")
        }
        return try CredentialsDocument.credentials(in: document, token: "SessionToken", from: name)
    }
}

/// A command line in words, as a POSIX shell would quote them; nothing is expanded.
package enum CommandWords {
    /// Nil when a quote is not closed.
    package static func split(_ line: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Unicode.Scalar?
        var isEscaped = false
        for scalar in line.unicodeScalars {
            if isEscaped {
                if quote == "\"" && scalar != "\"" && scalar != "\\" { word = (word ?? "") + "\\" }
                word = (word ?? "") + String(scalar)
                isEscaped = false
            } else if scalar == "\\" && quote != "'" {
                isEscaped = true
            } else if scalar == quote {
                quote = nil
            } else if quote == nil, scalar == "'" || scalar == "\"" {
                quote = scalar
                word = word ?? ""
            } else if quote == nil, scalar == " " || scalar == "\t" || scalar == "\n" {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(scalar)
            }
        }
        guard quote == nil, !isEscaped else { return nil }
        if let word { words.append(word) }
        return words
    }
}
