package import ArgumentParser
internal import Catalogue
internal import KubernetesAPI
internal import Planning
internal import Playbooks
internal import Vocabulary

/// `firebreak permissions PLAYBOOK…`: the least that a set of playbooks needs.
package struct PermissionsCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "permissions",
        abstract: "Prints the least IAM policy and ClusterRole for some playbooks.",
        discussion: """
            Derived from the actions that the playbooks use, and from what resolving a subject reads.

            Example: firebreak permissions playbooks/contain-pod/playbook.yaml
            """
    )

    @Argument(help: "The playbook files.")
    package var playbooks: [String]

    @Option(help: "How to write the result: text, json or yaml.")
    package var output: OutputFormat = .text

    package init() {}

    package func run() async throws {
        var names: Set<String> = []
        for path in playbooks {
            do {
                names.formUnion(try CheckedPlaybook(path: path).playbook.actionNames)
            } catch {
                throw Complaint(output: output, subject: path).say(error)
            }
        }
        let needed = PermissionSet(actions: names)
        let document: JSONValue = ["iam": needed.policy, "rbac": needed.clusterRole]
        let text = """
            # IAM policy
            \(JSONWriter.pretty(needed.policy))

            # Kubernetes ClusterRole
            \(YAMLText.write(needed.clusterRole))
            """
        Console.current.print(output.render(document, text: text))
    }
}

/// Permissions of some actions, as IAM and RBAC documents.
struct PermissionSet: Sendable {
    /// What resolving a finding's subject reads, whatever the playbook does.
    private static let always = ["get pods", "get nodes", "list nodes"]

    private var iam: Set<String> = []
    /// Verbs by API group and resource.
    private var rules: [String: [String: Set<String>]] = [:]
    /// Rights without which everything that counts is done all the same.
    private(set) var optional: Set<KubernetesRight> = []

    init(actions names: Set<String>) {
        let manifests = Catalogue.manifests.filter { names.contains($0.name) }
        for permission in manifests.flatMap(\.permissions) + Self.always { add(permission) }
        let needed = rights
        for permission in manifests.flatMap(\.optionalPermissions) { add(permission) }
        optional = Set(rights).subtracting(needed)
    }

    private mutating func add(_ permission: String) {
        let words = permission.split(separator: " ").map(String.init)
        guard words.count == 2 else {
            iam.insert(permission)
            return
        }
        let parts = words[1].split(separator: "/", maxSplits: 1).map(String.init)
        // A manifest writes `verb group/resource`, and leaves out the group of the core API.
        let group = parts.count == 2 ? parts[0] : ""
        rules[group, default: [:]][parts[parts.count - 1], default: []].insert(words[0])
    }

    /// IAM actions, sorted.
    var services: [String] { iam.sorted() }

    /// What the cluster has to grant, in a fixed order; the optional ones among them.
    var rights: [KubernetesRight] {
        var rights: [KubernetesRight] = []
        for (group, resources) in rules.sorted(by: { $0.key < $1.key }) {
            for (resource, verbs) in resources.sorted(by: { $0.key < $1.key }) {
                let parts = resource.split(separator: "/").map(String.init)
                for verb in verbs.sorted() {
                    rights.append(
                        KubernetesRight(verb, parts[0], group: group, subresource: parts.count > 1 ? parts[1] : "")
                    )
                }
            }
        }
        return rights
    }

    var policy: JSONValue {
        let tagging = iam.contains("ec2:CreateTags")
        var statements: [JSONValue] = []
        let plain = iam.filter { $0 != "ec2:CreateTags" }.sorted()
        if !plain.isEmpty {
            statements.append([
                "Sid": "Firebreak", "Effect": "Allow", "Action": .array(plain.map(JSONValue.string)), "Resource": "*",
            ])
        }
        if tagging {
            statements.append([
                "Sid": "TagOnlyWhatIsCreated", "Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*",
                "Condition": ["StringEquals": ["ec2:CreateAction": "CreateSnapshots"]],
            ])
        }
        if iam.contains("securityhub:BatchUpdateFindings") {
            statements.append([
                "Sid": "NeverSuppress", "Effect": "Deny", "Action": "securityhub:BatchUpdateFindings", "Resource": "*",
                "Condition": ["StringEquals": ["securityhub:ASFFSyntaxPath/Workflow.Status": "SUPPRESSED"]],
            ])
        }
        return ["Version": "2012-10-17", "Statement": .array(statements)]
    }

    var clusterRole: JSONValue {
        var rows: [JSONValue] = []
        for (group, resources) in rules.sorted(by: { $0.key < $1.key }) {
            for (resource, verbs) in resources.sorted(by: { $0.key < $1.key }) {
                rows.append([
                    "apiGroups": [.string(group)], "resources": [.string(resource)],
                    "verbs": .array(verbs.sorted().map(JSONValue.string)),
                ])
            }
        }
        return [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": ["name": "firebreak"],
            "rules": .array(rows),
        ]
    }
}
