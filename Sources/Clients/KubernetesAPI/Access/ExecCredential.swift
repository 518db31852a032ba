package import Vocabulary

/// What a credential program printed.
package struct ExecCredential: Sendable, Hashable {
    package var token: Secret?
    /// PEM.
    package var certificate: [UInt8]?
    package var key: Secret?
    /// Nil: it holds until a server refuses it.
    package var expires: Timestamp?

    /// Reads an `ExecCredential`; the texts in messages never hold what was printed.
    package init(_ output: [UInt8], of command: ExecCommand) throws(AccessFault) {
        guard let object = try? JSONReader.parse(output, limits: JSONReader.Limits(bytes: 1 << 20, depth: 16)) else {
            throw .command(command.command, "it printed no JSON")
        }
        guard object["kind"]?.string == "ExecCredential", object["apiVersion"]?.string == command.apiVersion else {
            throw .command(command.command, "it printed no ExecCredential of \(command.apiVersion)")
        }
        let status = object["status"]
        token = status?["token"]?.nonBlank.map { Secret($0) }
        certificate = status?["clientCertificateData"]?.nonBlank.map { Array($0.utf8) }
        key = status?["clientKeyData"]?.nonBlank.map { Secret($0) }
        expires = status?["expirationTimestamp"]?.string.flatMap { Timestamp($0) }
        guard token != nil || (certificate != nil && key != nil) else {
            throw .command(command.command, "its ExecCredential has neither a token nor a certificate with its key")
        }
    }

    /// What the program gets in `KUBERNETES_EXEC_INFO`.
    package static func info(for command: ExecCommand) -> String {
        var spec: JSONObject = ["interactive": false]
        spec["cluster"] = command.clusterInfo
        let info: JSONValue = [
            "apiVersion": .string(command.apiVersion), "kind": "ExecCredential", "spec": .object(spec),
        ]
        return JSONWriter.compact(info)
    }
}
