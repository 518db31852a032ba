import HTTPExchange
import KubernetesAPI
import Testing
import Vocabulary

@Suite("A kubeconfig says how to reach a cluster, as kubectl reads it")
struct KubeconfigTests {
    private static let base = """
        apiVersion: v1
        kind: Config
        current-context: prod
        clusters:
          - name: arn:aws:eks:eu-central-1:444455556666:cluster/prod
            cluster: { server: https://10.0.0.1:6443/, certificate-authority-data: Q0EK, tls-server-name: kubernetes }
          - name: lab
            cluster: { server: "http://127.0.0.1:8001", insecure-skip-tls-verify: true, proxy-url: "http://proxy:3128" }
        users:
          - name: exec
            user:
              exec:
                apiVersion: client.authentication.k8s.io/v1beta1
                command: ./bin/get-token
                args: [eks, get-token]
                env: [{ name: AWS_PROFILE, value: prod }]
                provideClusterInfo: true
          - name: token
            user: { token: secret-token }
          - name: file
            user: { tokenFile: token, token: stale }
          - name: certificate
            user: { client-certificate: client.pem, client-key-data: S0VZCg== }
        contexts:
          - name: prod
            context: { cluster: "arn:aws:eks:eu-central-1:444455556666:cluster/prod", user: exec }
          - name: lab
            context: { cluster: lab, user: token }
          - name: file
            context: { cluster: lab, user: file }
          - name: certificate
            context: { cluster: lab, user: certificate }
          - name: nobody
            context: { cluster: lab }
          - name: broken
            context: { cluster: gone, user: token }
        """

    private static func access(_ context: String?, _ text: String = base) throws -> ClusterAccess {
        try Kubeconfig([("/home/me/.kube/config", Array(text.utf8))]).access(context: context) { path in
            Array("content of \(path)".utf8)
        }
    }

    private static func fault(_ context: String?, _ text: String) -> FaultReport? {
        do {
            _ = try access(context, text)
            return nil
        } catch {
            return (error as? AccessFault)?.report
        }
    }

    @Test("the current context counts unless another is named")
    func current() throws {
        let access = try Self.access(nil)
        #expect(access.origin == "https://10.0.0.1:6443" && access.clusterName?.hasSuffix("cluster/prod") == true)
        #expect(access.tls.authorities == Array("CA\n".utf8) && access.tls.serverName == "kubernetes")
        #expect(access.tls.verifiesServer)
        guard case .command(let command) = access.credential else {
            Issue.record("no command")
            return
        }
        #expect(command.command == "/home/me/.kube/./bin/get-token" && command.arguments == ["eks", "get-token"])
        #expect(command.environment == ["AWS_PROFILE": "prod"])
        #expect(command.clusterInfo?["server"] == "https://10.0.0.1:6443")
        #expect(ExecCredential.info(for: command).contains("\"interactive\":false"))
    }

    @Test("tokens, their files and certificates are found where kubectl finds them")
    func credentials() throws {
        let lab = try Self.access("lab")
        guard case .token(let token) = lab.credential else {
            Issue.record("no token")
            return
        }
        #expect(token.exposed == "secret-token" && !lab.tls.verifiesServer && lab.proxy == "http://proxy:3128")
        #expect(!"\(lab)".contains("secret-token"))
        guard case .tokenFile(let path) = try Self.access("file").credential else {
            Issue.record("no token file")
            return
        }
        #expect(path == "/home/me/.kube/token")
        let certificate = try Self.access("certificate")
        #expect(certificate.tls.certificate == Array("content of /home/me/.kube/client.pem".utf8))
        #expect(certificate.tls.key?.exposed == "KEY\n")
        guard case .none = try Self.access("nobody").credential else {
            Issue.record("a credential out of nowhere")
            return
        }
    }

    @Test("of files that name the same thing the first counts, and each fills in what the others lack")
    func merges() throws {
        let first = "current-context: lab\nclusters: [{ name: lab, cluster: { server: \"https://first:443\" } }]\n"
        let merged = try Kubeconfig([("/a/one", Array(first.utf8)), ("/b/two", Array(Self.base.utf8))])
        #expect(try merged.access { _ in [] }.origin == "https://first:443")
    }

    @Test(
        "what cannot be used says so with its place and a way out",
        arguments: [
            ("server: https://10.0.0.1:6443/", "server: https://10.0.0.1/k8s", "ACCESS-003", 6),
            ("server: https://10.0.0.1:6443/", "server: \"ftp://10.0.0.1\"", "ACCESS-003", 6),
            ("certificate-authority-data: Q0EK", "certificate-authority-data: \"?\"", "ACCESS-001", 6),
            ("client.authentication.k8s.io/v1beta1", "client.authentication.k8s.io/v1alpha1", "ACCESS-003", 13),
            ("provideClusterInfo: true", "interactiveMode: Always", "ACCESS-003", 13),
            ("command: ./bin/get-token", "install: x", "ACCESS-001", 13),
        ]
    )
    func refuses(_ part: String, _ change: String, _ code: String, _ line: Int) {
        let report = Self.fault(nil, Self.base.replacing(part, with: change))
        #expect(report?.code == code && report?.location.contains(":\(line):") == true, "\(String(describing: report))")
    }

    @Test("unknown contexts and clusters name the known ones; old ways to log in are refused by name")
    func unknown() {
        #expect(Self.fault("none", Self.base)?.remedy.contains("prod, lab, file") == true)
        #expect(Self.fault("broken", Self.base)?.what == "no cluster is called “gone”")
        let old = Self.base.replacing("token: secret-token", with: "username: admin, password: x")
        #expect(Self.fault("lab", old)?.what == "the user has “username”")
    }

    @Test("in a pod the service account's files say it, and the token is read when it is needed")
    func inCluster() throws {
        let environment = ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"]
        let inside = { (name: String) in environment[name] }
        let found = try ClusterAccess.inCluster(environment: inside, folder: "/sa") { path in
            try #require(path != "/sa/token")
            return Array((path == "/sa/namespace" ? "firebreak" : "CA").utf8)
        }
        let access = try #require(found)
        #expect(access.origin == "https://[fd00::1]:443" && access.namespace == "firebreak")
        let outside = { (_: String) -> String? in nil }
        #expect(try ClusterAccess.inCluster(environment: outside, read: { _ in [] })?.origin == nil)
    }
}
