import HTTPExchange
import Rehearsal
import TestSupport
import Testing
import Vocabulary

/// A small cluster and the requests that tests make of it.
struct Cluster {
    var value: RehearsalCluster
    static let now = Timestamp(milliseconds: 1_800_000_000_000)
    static let pods = "/api/v1/namespaces/shop/pods"
    static let policies = "/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies"

    init(_ extra: [JSONValue] = []) throws {
        value = try RehearsalCluster(
            [Self.pod("cart-1", ["app": "cart"]), Self.pod("cart-2", ["app": "cart"]), Self.node] + extra
        )
    }

    static let node: JSONValue = [
        "apiVersion": "v1", "kind": "Node", "metadata": ["name": "n1"], "spec": ["providerID": "aws:///a/i-1"],
    ]

    static func pod(_ name: String, _ labels: JSONValue) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": ["name": .string(name), "namespace": "shop", "labels": labels],
            "spec": ["nodeName": "n1", "containers": [["name": "c", "image": "i"]]],
            "status": ["phase": "Running", "podIP": "10.0.0.1", "hostIP": "10.0.1.1"],
        ]
    }

    static func policy(_ name: String, _ selector: JSONValue = [:]) -> JSONValue {
        [
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": ["name": .string(name)],
            "spec": ["podSelector": selector, "policyTypes": ["Ingress", "Egress"]],
        ]
    }

    /// Sends a request; the answer's status and its body.
    @discardableResult
    mutating func ask(
        _ method: String,
        _ target: String,
        _ body: JSONValue? = nil,
        type: String = "application/json"
    ) -> (status: Int, body: JSONValue) {
        let request = HTTPRequest(
            method: method,
            origin: RehearsalCluster.origin,
            target: target,
            headers: [HTTPHeader("Content-Type", type), HTTPHeader("User-Agent", "tests/1")],
            body: body.map { Array(JSONWriter.compact($0).utf8) } ?? []
        )
        let answer = value.answer(request, now: Self.now)
        return (answer.status, (try? JSONReader.parse(answer.body)) ?? .null)
    }
}

@Suite("A rehearsal cluster keeps what it is told, as a real one does")
struct RehearsalClusterTests {
    private let merge = "application/merge-patch+json"

    @Test("what was created is there, twice is refused, and what was deleted is gone")
    func lifetime() throws {
        var cluster = try Cluster()
        #expect(cluster.ask("POST", Cluster.policies, Cluster.policy("q")).status == 201)
        let again = cluster.ask("POST", Cluster.policies, Cluster.policy("q"))
        #expect(again.status == 409)
        #expect(again.body["reason"] == "AlreadyExists")
        let read = cluster.ask("GET", Cluster.policies + "/q")
        #expect(read.body["metadata"]?["uid"]?.nonBlank != nil)
        let deleted = cluster.ask("DELETE", Cluster.policies + "/q")
        #expect(deleted.body["details"]?["uid"] == read.body["metadata"]?["uid"])
        #expect(cluster.ask("GET", Cluster.policies + "/q").status == 404)
    }

    @Test("an Event lies where its object is, and in default when the object has no namespace")
    func eventsHavePlaces() throws {
        var cluster = try Cluster()
        func event(_ name: String, about namespace: String?) -> JSONValue {
            var about: JSONObject = ["kind": namespace == nil ? "Node" : "Pod", "name": "x"]
            about["namespace"] = namespace.map(JSONValue.string)
            return [
                "apiVersion": "v1", "kind": "Event", "metadata": ["name": .string(name)],
                "involvedObject": .object(about), "reason": "r", "message": "m", "type": "Warning",
            ]
        }
        let shop = "/api/v1/namespaces/shop/events"
        let standard = "/api/v1/namespaces/default/events"
        #expect(cluster.ask("POST", shop, event("a", about: "shop")).status == 201)
        #expect(cluster.ask("POST", standard, event("b", about: nil)).status == 201)
        for (path, about) in [(shop, nil), (shop, "other"), (standard, "shop")] as [(String, String?)] {
            let refused = cluster.ask("POST", path, event("c", about: about))
            #expect(refused.status == 422)
            #expect(refused.body["message"]?.string?.contains("does not match event.namespace") == true)
        }
    }

    @Test("of two writers that read the same version the second is refused")
    func optimisticConcurrency() throws {
        var cluster = try Cluster()
        let path = Cluster.pods + "/cart-1"
        let version = cluster.ask("GET", path).body["metadata"]?["resourceVersion"] ?? ""
        let patch: JSONValue = ["metadata": ["resourceVersion": version, "labels": ["a": "1"]]]
        #expect(cluster.ask("PATCH", path, patch, type: merge).status == 200)
        let second: JSONValue = ["metadata": ["resourceVersion": version, "labels": ["a": "2"]]]
        let refused = cluster.ask("PATCH", path, second, type: merge)
        #expect(refused.status == 409)
        #expect(cluster.ask("GET", path).body["metadata"]?["labels"]?["a"] == "1")
    }

    static let writes: [(String, String, JSONValue?, String)] = [
        ("POST", Cluster.policies, Cluster.policy("q"), "application/json"),
        ("PATCH", Cluster.pods + "/cart-1", ["metadata": ["labels": ["a": "1"]]], "application/merge-patch+json"),
        ("PATCH", Cluster.policies + "/new", Cluster.policy("new"), "application/apply-patch+yaml"),
        ("DELETE", Cluster.pods + "/cart-1", nil, "application/json"),
        ("POST", Cluster.pods + "/cart-1/eviction", ["metadata": ["name": "cart-1"]], "application/json"),
        ("PATCH", "/api/v1/nodes/n1", ["spec": ["unschedulable": true]], "application/merge-patch+json"),
        ("DELETE", "/api/v1/namespaces/shop", nil, "application/json"),
    ]

    @Test("a dry run answers like the write and leaves the world equal", arguments: writes)
    func dryRun(_ method: String, _ path: String, _ body: JSONValue?, _ type: String) throws {
        var cluster = try Cluster()
        let before = cluster.value.snapshot()
        let version = cluster.value.version
        let manager = type.contains("apply") ? "&fieldManager=t" : ""
        let rehearsed = cluster.ask(method, path + "?dryRun=All" + manager, body, type: type)
        #expect(cluster.value.snapshot() == before)
        #expect(cluster.value.version == version)
        let done = cluster.ask(method, path + "?x=1" + manager, body, type: type)
        #expect(rehearsed.status == done.status)
        #expect(cluster.value.snapshot() != before)
    }

    @Test("a write that changes nothing keeps the version")
    func noChange() throws {
        var cluster = try Cluster()
        let before = cluster.value.version
        cluster.ask("PATCH", Cluster.pods + "/cart-1", ["metadata": ["labels": ["app": "cart"]]], type: merge)
        #expect(cluster.value.version == before)
    }

    @Test("a test of the uid guards a patch as a whole")
    func guardedPatch() throws {
        var cluster = try Cluster()
        let patch: JSONValue = [
            ["op": "add", "path": "/metadata/labels/q", "value": "1"],
            ["op": "test", "path": "/metadata/uid", "value": "another"],
        ]
        let answer = cluster.ask("PATCH", Cluster.pods + "/cart-1", patch, type: "application/json-patch+json")
        #expect(answer.status == 422)
        #expect(cluster.ask("GET", Cluster.pods + "/cart-1").body["metadata"]?["labels"]?["q"] == nil)
    }

    static let refusals: [(String, String, JSONValue, Int, [String])] = [
        (
            "unknown field", "?fieldValidation=Strict",
            ["metadata": ["name": "x"], "spec": ["podSelector": [:], "isolate": true]], 400, []
        ),
        ("wrong type", "", ["metadata": ["name": "x"], "spec": ["podSelector": "all"]], 400, []),
        ("bad name", "", ["metadata": ["name": "No_Way"], "spec": ["podSelector": [:]]], 422, ["metadata.name"]),
        (
            "bad block", "",
            [
                "metadata": ["name": "x"],
                "spec": ["podSelector": [:], "egress": [["to": [["ipBlock": ["cidr": "10.0.0.0/33"]]]]]],
            ],
            422, ["spec.egress[0].to[0].ipBlock.cidr"]
        ),
        (
            "bad operator", "",
            [
                "metadata": ["name": "x"],
                "spec": ["podSelector": ["matchExpressions": [["key": "a", "operator": "Is"]]]],
            ],
            422, ["spec.podSelector.matchExpressions[0].operator"]
        ),
        (
            "except outside", "",
            [
                "metadata": ["name": "x"],
                "spec": [
                    "podSelector": [:],
                    "ingress": [["from": [["ipBlock": ["cidr": "10.0.0.0/8", "except": ["11.0.0.0/9"]]]]]],
                ],
            ], 422, ["spec.ingress[0].from[0].ipBlock.except[0]"]
        ),
        (
            "other namespace", "", ["metadata": ["name": "x", "namespace": "other"], "spec": ["podSelector": [:]]], 400,
            []
        ),
        ("a version", "", ["metadata": ["name": "x", "resourceVersion": "1"], "spec": ["podSelector": [:]]], 500, []),
    ]

    @Test("a faulty policy is refused with the fields at fault", arguments: refusals)
    func validation(_ what: String, _ query: String, _ policy: JSONValue, _ status: Int, _ fields: [String]) throws {
        var cluster = try Cluster()
        let before = cluster.value.snapshot()
        let answer = cluster.ask("POST", Cluster.policies + query, policy)
        #expect(answer.status == status)
        #expect((answer.body["details"]?["causes"]?.array ?? []).compactMap { $0["field"]?.string } == fields)
        #expect(cluster.value.snapshot() == before)
    }

    static let selectors: [(String, Set<String>)] = [
        ("app=cart", ["a", "b"]), ("app==cart,tier", ["a"]), ("app!=cart", ["c", "d"]),
        ("app in (cart, web)", ["a", "b", "c"]),
        ("app notin (cart)", ["c", "d"]), ("!app", ["d"]), ("tier", ["a"]), ("app", ["a", "b", "c"]), ("tier=", []),
    ]

    @Test("a label selector selects what the API selects", arguments: selectors)
    func selection(_ selector: String, _ expected: Set<String>) throws {
        let pods = [
            Cluster.pod("a", ["app": "cart", "tier": "x"]), Cluster.pod("b", ["app": "cart"]),
            Cluster.pod("c", ["app": "web"]),
            Cluster.pod("d", [:]),
        ]
        var cluster = try Cluster()
        cluster.value = try RehearsalCluster(pods)
        let query = selector.replacing(" ", with: "%20").replacing("=", with: "%3D")
        let list = cluster.ask("GET", Cluster.pods + "?labelSelector=" + query).body["items"]?.array ?? []
        #expect(Set(list.compactMap { $0["metadata"]?["name"]?.string }) == expected)
    }

    @Test("pages show every object once, in order")
    func paging() throws {
        var cluster = try Cluster((0..<7).map { Cluster.pod("p\($0)", [:]) })
        var names: [String] = []
        var token = ""
        for _ in 0..<10 {
            let page = cluster.ask("GET", "/api/v1/pods?limit=2" + (token.isEmpty ? "" : "&continue=\(token)")).body
            names += (page["items"]?.array ?? []).compactMap { $0["metadata"]?["name"]?.string }
            token = page["metadata"]?["continue"]?.string ?? ""
            if token.isEmpty { break }
        }
        #expect(names == ["cart-1", "cart-2", "p0", "p1", "p2", "p3", "p4", "p5", "p6"])
    }

    @Test("an apply owns what it names, conflicts over it, and takes it when forced")
    func apply() throws {
        var cluster = try Cluster()
        let type = "application/apply-patch+yaml"
        let path = Cluster.policies + "/q?fieldManager="
        var mine = Cluster.policy("q", ["matchLabels": ["app": "cart"]])
        #expect(cluster.ask("PATCH", path + "ours", mine, type: type).status == 201)
        let theirs = Cluster.policy("q", ["matchLabels": ["app": "web"]])
        let conflict = cluster.ask("PATCH", path + "theirs", theirs, type: type)
        #expect(conflict.status == 409)
        #expect(conflict.body["details"]?["causes"]?[0]?["field"] == ".spec.podSelector")
        #expect(cluster.ask("PATCH", path + "theirs&force=true", theirs, type: type).status == 200)
        mine = Cluster.policy("q", ["matchLabels": ["app": "cart"]])
        #expect(cluster.ask("PATCH", path + "ours", mine, type: type).status == 409)
    }

    @Test("an apply with an empty map leaves what others put into it")
    func hollowApply() throws {
        var cluster = try Cluster()
        let path = Cluster.pods + "/cart-1?fieldManager=ours"
        let config: JSONValue = ["apiVersion": "v1", "kind": "Pod", "metadata": ["name": "cart-1", "labels": [:]]]
        #expect(cluster.ask("PATCH", path, config, type: "application/apply-patch+yaml").status == 200)
        #expect(cluster.ask("GET", Cluster.pods + "/cart-1").body["metadata"]?["labels"]?["app"] == "cart")
    }

    @Test("an apply that no longer names a field takes it away, unless another manager has it")
    func droppedApply() throws {
        var cluster = try Cluster()
        let type = "application/apply-patch+yaml"
        let named: JSONValue = [
            "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "cart-1", "annotations": ["a": "1", "b": "1"]],
        ]
        let fewer: JSONValue = ["apiVersion": "v1", "kind": "Pod", "metadata": ["name": "cart-1"]]
        let shared: JSONValue = [
            "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "cart-1", "annotations": ["b": "1"]],
        ]
        cluster.ask("PATCH", Cluster.pods + "/cart-1?fieldManager=ours", named, type: type)
        cluster.ask("PATCH", Cluster.pods + "/cart-1?fieldManager=theirs", shared, type: type)
        cluster.ask("PATCH", Cluster.pods + "/cart-1?fieldManager=ours", fewer, type: type)
        let annotations = cluster.ask("GET", Cluster.pods + "/cart-1").body["metadata"]?["annotations"]
        #expect(annotations == ["b": "1"])
    }

    @Test("a pod that is told to stop stays until its kubelet is done, and goes at once without grace")
    func stopping() throws {
        var cluster = try Cluster()
        let stopped = cluster.ask("DELETE", Cluster.pods + "/cart-1").body
        #expect(stopped["metadata"]?["deletionTimestamp"] == "2027-01-15T08:00:30Z")
        #expect(cluster.ask("GET", Cluster.pods + "/cart-1").status == 200)
        cluster.value.settle(now: Cluster.now)
        #expect(cluster.ask("GET", Cluster.pods + "/cart-1").status == 404)
        cluster.ask("DELETE", Cluster.pods + "/cart-2?gracePeriodSeconds=0")
        #expect(cluster.ask("GET", Cluster.pods + "/cart-2").status == 404)
    }

    @Test("a budget lets as many pods go as it allows")
    func budget() throws {
        var cluster = try Cluster([
            [
                "apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
                "metadata": ["name": "b", "namespace": "shop"],
                "spec": ["selector": ["matchLabels": ["app": "cart"]]], "status": ["disruptionsAllowed": 1],
            ]
        ])
        #expect(cluster.ask("POST", Cluster.pods + "/cart-1/eviction", ["metadata": ["name": "cart-1"]]).status == 201)
        #expect(cluster.ask("POST", Cluster.pods + "/cart-2/eviction", ["metadata": ["name": "cart-2"]]).status == 429)
    }

    @Test("who lacks a right is refused before anything is looked up")
    func rights() throws {
        var cluster = try Cluster()
        let reader = RehearsalAuthorizer.Rule(verbs: ["get"], groups: [""], resources: ["pods"])
        cluster.value.authorizer = RehearsalAuthorizer(users: [:], anonymous: .init("u", grant: .only([reader])))
        #expect(cluster.ask("GET", Cluster.pods + "/nope").status == 404)
        #expect(cluster.ask("GET", Cluster.pods).status == 403)
        #expect(cluster.ask("GET", "/apis/none.example.com/v1/things").status == 403)
    }

    @Test("a world that cannot be loaded says which document and why")
    func worldFaults() {
        #expect(throws: WorldFault.notAnObject(index: 1)) { try RehearsalCluster([Cluster.node, 5]) }
        #expect(throws: WorldFault.noKind(index: 0)) { try RehearsalCluster([["metadata": ["name": "a"]]]) }
        #expect(throws: WorldFault.repeated(kind: "Node", name: "n1")) {
            try RehearsalCluster([Cluster.node, Cluster.node])
        }
        #expect(
            "\(WorldFault.noName(kind: "Pod", index: 2))"
                == "WORLD-003 a Pod has no valid metadata.name (at document 3). Fix: dump stored objects, not templates with generateName"
        )
    }
}
