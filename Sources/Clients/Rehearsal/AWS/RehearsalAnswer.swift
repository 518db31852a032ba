import AWSAPI
import HTTPExchange
import Vocabulary

/// An error answer of a rehearsed service.
struct RehearsalRefusal: Error, Hashable {
    var code: String
    var message: String
    var status: Int

    init(_ code: String, _ message: String, status: Int = 400) {
        self.code = code
        self.message = message
        self.status = status
    }
}

/// Bodies and headers as the services write them.
enum RehearsalAnswer {
    private static let requestId = "00000000-0000-0000-0000-000000000000"

    static func json(_ status: Int, _ document: JSONValue) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: [
                HTTPHeader("Content-Type", "application/json"), HTTPHeader("x-amzn-RequestId", requestId),
            ],
            body: Array(JSONWriter.compact(document).utf8)
        )
    }

    static func json(_ refusal: RehearsalRefusal) -> HTTPResponse {
        var answer = json(
            refusal.status,
            ["Code": .string(refusal.code), "Message": .string(refusal.message)]
        )
        answer.headers.append(HTTPHeader("x-amzn-ErrorType", refusal.code))
        return answer
    }

    static func xml(_ output: JSONValue, of operation: AWSOperation) -> HTTPResponse {
        let root: XMLElement
        switch operation.wire {
        case .ec2:
            let id = XMLElement("requestId", text: requestId)
            root = XMLElement(
                "\(operation.name)Response",
                children: [id] + XMLOutput.children(output, operation.output, item: "item")
            )
        case .query, .restJSON:
            let result = XMLElement(
                "\(operation.name)Result",
                children: XMLOutput.children(output, operation.output, item: "member")
            )
            let metadata = XMLElement("ResponseMetadata", children: [XMLElement("RequestId", text: requestId)])
            root = XMLElement("\(operation.name)Response", children: [result, metadata])
        }
        return xml(200, root)
    }

    static func xml(_ refusal: RehearsalRefusal, isEC2: Bool) -> HTTPResponse {
        let code = XMLElement("Code", text: refusal.code)
        let message = XMLElement("Message", text: refusal.message)
        guard isEC2 else {
            let error = XMLElement("Error", children: [XMLElement("Type", text: "Sender"), code, message])
            let id = XMLElement("RequestId", text: requestId)
            return xml(refusal.status, XMLElement("ErrorResponse", children: [error, id]))
        }
        let errors = XMLElement("Errors", children: [XMLElement("Error", children: [code, message])])
        let id = XMLElement("RequestID", text: requestId)
        return xml(refusal.status, XMLElement("Response", children: [errors, id]))
    }

    private static func xml(_ status: Int, _ root: XMLElement) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: [HTTPHeader("Content-Type", "text/xml;charset=UTF-8")],
            body: Array(root.document.utf8)
        )
    }
}

/// A part of a list, with the token of the next one: the offset in decimal.
struct RehearsalPage {
    private let elements: [JSONValue]
    private let next: Int?

    init(_ all: [JSONValue], limit: Int?, token: String?) throws(RehearsalRefusal) {
        var start = 0
        if let token {
            guard let offset = Int(token), all.indices.contains(offset) else {
                throw RehearsalRefusal("InvalidNextToken", "The token '\(token.prefix(100))' is invalid.")
            }
            start = offset
        }
        let end = min(all.count, start + (limit ?? all.count))
        elements = Array(all[start..<end])
        next = end < all.count ? end : nil
    }

    func output(as list: String) -> JSONValue {
        var output: JSONObject = [list: .array(elements)]
        output["NextToken"] = next.map { .string(String($0)) }
        return .object(output)
    }
}
