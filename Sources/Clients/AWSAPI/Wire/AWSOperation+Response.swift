package import HTTPExchange
package import Vocabulary

extension AWSOperation {
    /// The output of an answer; an error answer becomes a fault, whatever stands in its body.
    package func output(of response: HTTPResponse) throws(AWSFault) -> JSONValue {
        guard (200..<300).contains(response.status) else { throw fault(response) }
        switch wire {
        case .ec2: return try xmlOutput(response) { $0 }
        case .query: return try xmlOutput(response) { $0["\(name)Result"] }
        case .restJSON: return try jsonOutput(response)
        }
    }

    private func fault(_ response: HTTPResponse) -> AWSFault {
        let body = AWSErrorBody(response)
        let requestId = response.headers["x-amzn-requestid"] ?? response.headers["x-amz-request-id"] ?? ""
        return AWSFault(
            code: body.code,
            message: body.message,
            status: response.status,
            service: service,
            operation: name,
            requestId: String(requestId.prefix(100))
        )
    }

    private func xmlOutput(
        _ response: HTTPResponse,
        result: (XMLElement) -> XMLElement?
    ) throws(AWSFault) -> JSONValue {
        let root: XMLElement
        do throws(XMLReader.Fault) {
            root = try XMLReader.parse(response.body)
        } catch {
            throw unreadable(response, "no XML document: \(error.reason) at byte \(error.offset)")
        }
        guard root.name == "\(name)Response", let result = result(root) else {
            throw unreadable(response, "the answer is a <\(root.name.prefix(60))>, not a <\(name)Response>")
        }
        do throws(XMLOutput.Mismatch) {
            return try XMLOutput.value(of: result, as: .structure(output))
        } catch {
            throw unreadable(response, "<\(error.element.prefix(60))> holds no number")
        }
    }

    private func jsonOutput(_ response: HTTPResponse) throws(AWSFault) -> JSONValue {
        do throws(JSONFault) {
            let document = try JSONReader.parse(response.body, limits: .init(repairsUTF8: true))
            guard document.object != nil else { throw JSONFault(.unexpectedByte(response.body.first ?? 0), at: 0) }
            return document
        } catch {
            throw unreadable(response, error.report.what)
        }
    }

    private func unreadable(_ response: HTTPResponse, _ message: String) -> AWSFault {
        AWSFault(
            code: "UnreadableAnswer",
            message: message,
            status: response.status,
            service: service,
            operation: name,
            delivery: .unknown
        )
    }
}
