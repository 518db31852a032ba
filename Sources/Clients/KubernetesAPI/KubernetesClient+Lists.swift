package import Vocabulary

extension KubernetesClient {
    /// Pages are this long, so that no answer grows without bound.
    static let pageLength = 500
    /// More objects than this in one list are refused: nobody decides on them in a minute.
    package static let listLimit = 50_000

    /// Lists all objects of a collection, page by page; every item carries its apiVersion and kind.
    ///
    /// When the list expires between two pages it is begun anew, once.
    package func list(
        _ path: KubernetesPath,
        labelSelector: String? = nil,
        fieldSelector: String? = nil
    ) async throws(KubernetesFault) -> [JSONValue] {
        do {
            return try await pages(path, labelSelector, fieldSelector)
        } catch {
            guard error.retry == .relist else { throw error }
            return try await pages(path, labelSelector, fieldSelector)
        }
    }

    private func pages(
        _ path: KubernetesPath,
        _ labelSelector: String?,
        _ fieldSelector: String?
    ) async throws(KubernetesFault) -> [JSONValue] {
        var items: [JSONValue] = []
        var query = ["limit": String(Self.pageLength)]
        query["labelSelector"] = labelSelector
        query["fieldSelector"] = fieldSelector
        var seen: Set<String> = []
        while true {
            let answer = try await send("GET", path.text, query: query)
            let page = try object(answer, url: origin + path.text)
            items += Self.items(of: page)
            guard let next = page["metadata"]?["continue"]?.nonBlank else { return items }
            guard items.count < Self.listLimit, seen.insert(next).inserted else {
                throw unending(path, count: items.count)
            }
            query["continue"] = next
        }
    }

    private func unending(_ path: KubernetesPath, count: Int) -> KubernetesFault {
        KubernetesFault(
            .serverPermanent,
            status: 200,
            reason: "",
            message: "the list does not end: \(count) objects were read",
            url: origin + path.text
        )
    }

    /// The items of a list; those of built-in kinds come without apiVersion and kind, which the list's own tell.
    package static func items(of list: JSONValue) -> [JSONValue] {
        let listKind = list["kind"]?.string ?? ""
        let kind = listKind.hasSuffix("List") ? String(listKind.dropLast(4)) : listKind
        return (list["items"]?.array ?? []).compactMap { item in
            guard var members = item.object else { return nil }
            if members["apiVersion"] == nil { members["apiVersion"] = list["apiVersion"] }
            if members["kind"] == nil { members["kind"] = .string(kind) }
            return .object(members)
        }
    }
}
