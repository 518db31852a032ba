internal import Glibc

/// nghttpx in front of a plain server: TLS and HTTP/2, with an authority made for the test.
package final class TLSProxy: Sendable {
    package static let isPresent = Command.exists("nghttpx") && Command.exists("openssl")

    package let port: Int
    private let scratch: Scratch
    private let process: pid_t

    /// `asksForCertificate`: clients must show one that the same authority issued.
    package init(before backend: Int, names: String = "IP:127.0.0.1", asksForCertificate: Bool = false) throws {
        scratch = try Scratch()
        let folder = scratch.path
        try Self.makeCertificates(in: folder, names: names)
        var options = ["--backend=127.0.0.1,\(backend)", "--errorlog-file=\(folder)/log"]
        if asksForCertificate { options += ["--verify-client", "--verify-client-cacert=\(folder)/ca.pem"] }
        options += ["\(folder)/server.key", "\(folder)/server.pem"]
        (port, process) = try Self.start(options)
    }

    /// Somebody else may take a free port first: then the proxy ends at once, and another port is tried.
    private static func start(_ options: [String]) throws -> (port: Int, process: pid_t) {
        for _ in 0..<5 {
            let port = try freePort()
            let process = try spawn(
                [
                    "nghttpx", "--frontend=127.0.0.1,\(port)", "--workers=1", "--no-ocsp", "--accesslog-file=/dev/null",
                    "--conf=/dev/null", "--frontend-read-timeout=60", "--backend-read-timeout=60",
                ] + options
            )
            if isReady(port, process) { return (port, process) }
            kill(process, SIGKILL)
        }
        throw Files.Unreadable(path: "nghttpx does not listen")
    }

    private static func isReady(_ port: Int, _ process: pid_t) -> Bool {
        for _ in 0..<500 where !LoopbackServer.accepts(port) { usleep(10_000) }
        // Long enough for a proxy that found its port taken to be gone.
        usleep(50_000)
        return LoopbackServer.accepts(port) && kill(process, 0) == 0
    }

    deinit { stop() }

    /// From now on nobody answers at its port.
    package func stop() { kill(process, SIGKILL) }

    package var origin: String { "https://127.0.0.1:\(port)" }

    /// Of `ca.pem`, `client.pem` or `client.key`.
    package func path(_ name: String) -> String { scratch.path + "/" + name }

    package func file(_ name: String) throws -> [UInt8] { try Files.bytes(path(name)) }

    private static func makeCertificates(in folder: String, names: String) throws {
        let curve = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
        let script = """
            set -e; cd \(folder)
            openssl req -x509 \(curve) -keyout ca.key -out ca.pem -days 2 -subj /CN=test-authority
            for name in server client; do
              openssl req \(curve) -keyout $name.key -out $name.csr -subj /CN=$name
              printf 'subjectAltName=\(names)' > names
              openssl x509 -req -in $name.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out $name.pem
            done
            """
        let (output, status) = try Command.run("( \(script) ) 2>&1")
        guard status == 0 else { throw Files.Unreadable(path: "openssl: \(output)") }
    }

    /// A port that was free a moment ago.
    package static func freePort() throws -> Int { try LoopbackServer { _ in }.port }

    private static func spawn(_ arguments: [String]) throws -> pid_t {
        let line = arguments.map { "'\($0)'" }.joined(separator: " ")
        let (output, _) = try Command.run("\(line) >/dev/null 2>&1 & echo $!")
        guard let process = pid_t(output.filter { $0.isNumber }) else { throw Files.Unreadable(path: arguments[0]) }
        return process
    }
}

extension LoopbackServer {
    /// Whether something listens there.
    package static func accepts(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { Glibc.close(descriptor) }
        var address = loopback(port: port)
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
