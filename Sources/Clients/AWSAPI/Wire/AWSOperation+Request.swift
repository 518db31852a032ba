package import HTTPExchange
package import Vocabulary

extension AWSOperation {
    /// The request for an input, not yet signed.
    package func request(_ input: JSONValue, to origin: String) throws(AWSFault) -> HTTPRequest {
        switch wire {
        case .ec2(let version): try queryRequest(input, version, listsAreFlat: true, origin)
        case .query(let version): try queryRequest(input, version, listsAreFlat: false, origin)
        case .restJSON(let method, let path): try jsonRequest(input, method, path, origin)
        }
    }

    private func queryRequest(
        _ input: JSONValue,
        _ version: String,
        listsAreFlat: Bool,
        _ origin: String
    ) throws(AWSFault) -> HTTPRequest {
        var pairs = [FormBody.Pair("Action", name), FormBody.Pair("Version", version)]
        do throws(QueryInput.Fault) {
            pairs += try QueryInput.pairs(input, self.input, listsAreFlat: listsAreFlat)
        } catch {
            throw notSpoken(Self.sentence(error))
        }
        return HTTPRequest(
            method: "POST",
            origin: origin,
            target: "/",
            headers: [HTTPHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
            body: FormBody.encode(pairs)
        )
    }

    private static func sentence(_ fault: QueryInput.Fault) -> String {
        switch fault {
        case .unknownMember(let name): "the input has no member \(name)"
        case .wrongType(let name, let wanted): "\(name) must be \(wanted)"
        }
    }

    private func jsonRequest(
        _ input: JSONValue,
        _ method: String,
        _ path: String,
        _ origin: String
    ) throws(AWSFault) -> HTTPRequest {
        guard var document = input.object else { throw notSpoken("the input must be an object") }
        var target = ""
        for part in path.split(separator: "/") {
            target += "/" + (try filled(part, from: &document))
        }
        guard method != "GET" else {
            guard document.isEmpty else { throw notSpoken("the input has no member \(document.keys[0])") }
            return HTTPRequest(method: method, origin: origin, target: target)
        }
        return HTTPRequest(
            method: method,
            origin: origin,
            target: target,
            headers: [HTTPHeader("Content-Type", "application/json")],
            body: Array(JSONWriter.compact(.object(document)).utf8)
        )
    }

    /// A part of the path; `{name}` takes that member out of the input.
    private func filled(_ part: Substring, from input: inout JSONObject) throws(AWSFault) -> String {
        guard part.hasPrefix("{"), part.hasSuffix("}") else { return String(part) }
        let member = String(part.dropFirst().dropLast())
        guard let value = input[member]?.nonBlank else { throw notSpoken("the input needs \(member)") }
        input[member] = nil
        return PercentEncoding.encode(value)
    }

    private func notSpoken(_ message: String) -> AWSFault {
        AWSFault(code: "NotSpoken", message: message, status: 0, service: service, operation: name, delivery: .notSent)
    }
}
