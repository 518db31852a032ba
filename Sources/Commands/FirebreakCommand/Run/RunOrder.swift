internal import Host
internal import Vocabulary

/// What is asked for: a playbook, values for its parameters, and what it starts from.
///
/// It comes from a command line, or from a plan that was written to a file: the file keeps the texts as they were.
struct RunOrder: Sendable {
    enum Source: Sendable {
        /// `name`: the file, for messages.
        case event(name: String, bytes: [UInt8])
        /// A finding that Security Hub has, not fetched yet.
        case findingId(String)
        /// A finding that was fetched, as it was then.
        case finding(JSONValue)
        case pod(String)
        case node(String)
    }

    var playbook: CheckedPlaybook
    /// `NAME=VALUE`, as given.
    var settings: [String]
    var source: Source

    /// Fetches what is only named; what was fetched is what is planned, and what a plan file keeps.
    func fetched(on stage: RunStage) async throws -> RunOrder {
        guard case .findingId(let name) = source else { return self }
        var order = self
        order.source = .finding(try await FindingLookup(stage).document(name))
        return order
    }

    /// - Returns: what to start, and what of the input could not be decoded.
    /// - Throws: when there is nothing to start at all.
    func starts() throws -> ([RunStart], [FaultReport]) {
        switch source {
        case .pod(let text):
            guard let start = RunStart.pod(text) else { throw InputFault.noPod(text) }
            return ([start], [])
        case .node(let text):
            guard let start = RunStart.node(text) else { throw InputFault.noNode(text) }
            return ([start], [])
        case .findingId(let name): throw FindingLookupFault.noId(name)
        case .finding(let document): return ([try RunStart.finding(document)], [])
        case .event(let name, let bytes):
            let (starts, errors) = RunStart.findings(in: bytes, of: name)
            for error in errors where !starts.isEmpty { Console.current.complain(error.description) }
            guard !starts.isEmpty else { throw InputFault.noFinding(name, errors.first) }
            return (starts, errors)
        }
    }

    func parameters() throws -> JSONObject { try PlaybookArguments(settings).values(for: playbook.playbook) }
}

// MARK: - In a plan file

extension RunOrder {
    /// What a plan file keeps of it.
    var json: JSONValue {
        let from: JSONValue =
            switch source {
            case .event(let name, let bytes): ["file": .string(name), "event": .string(Base64.encode(bytes))]
            case .findingId(let name): ["findingId": .string(name)]
            case .finding(let document): ["finding": document]
            case .pod(let text): ["pod": .string(text)]
            case .node(let text): ["node": .string(text)]
            }
        return [
            "playbook": ["file": .string(playbook.path), "text": .string(playbook.text)],
            "set": .array(settings.map(JSONValue.string)), "from": from,
        ]
    }

    /// - Throws: `InputFault` when the file is no plan, `PlaybookRefused` when its playbook is not valid here.
    init(json: JSONValue, file: String) throws {
        guard let text = json["playbook"]?["text"]?.string, let path = json["playbook"]?["file"]?.string else {
            throw InputFault.noPlan(file, "it has no playbook")
        }
        playbook = try CheckedPlaybook(text: text, path: path)
        settings = (json["set"]?.array ?? []).compactMap(\.string)
        let from = json["from"]
        if let pod = from?["pod"]?.string {
            source = .pod(pod)
        } else if let node = from?["node"]?.string {
            source = .node(node)
        } else if let finding = from?["finding"], !finding.isNull {
            source = .finding(finding)
        } else if let event = from?["event"]?.string.flatMap(Base64.decode) {
            source = .event(name: from?["file"]?.string ?? file, bytes: event)
        } else {
            throw InputFault.noPlan(file, "it does not say what the runs start from")
        }
    }
}
