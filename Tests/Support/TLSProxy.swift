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
        port = try Self.freePort()
        var arguments = [
            "nghttpx", "--frontend=127.0.0.1,\(port)", "--backend=127.0.0.1,\(backend)", "--workers=1",
            "--no-ocsp", "--errorlog-file=\(folder)/log", "--accesslog-file=/dev/null", "--conf=/dev/null",
            "--frontend-read-timeout=60", "--backend-read-timeout=60",
        ]
        if asksForCertificate { arguments += ["--verify-client", "--verify-client-cacert=\(folder)/ca.pem"] }
        arguments += ["\(folder)/server.key", "\(folder)/server.pem"]
        process = try Self.spawn(arguments)
        try waitUntilReady()
    }

    deinit { kill(process, SIGKILL) }

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

    private func waitUntilReady() throws {
        for _ in 0..<500 {
            if LoopbackServer.accepts(port) { return }
            usleep(10_000)
        }
        throw Files.Unreadable(path: "nghttpx does not listen on \(port)")
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
