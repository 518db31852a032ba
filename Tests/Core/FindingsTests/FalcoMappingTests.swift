import Findings
import OpenSSLCrypto
import TestSupport
import Testing
import Vocabulary

@Suite("From Falco to ASFF")
struct FalcoMappingTests {
    private func context(cluster: String? = "blue", instance: String? = "i-0123456789abcdef0") throws -> FalcoContext {
        FalcoContext(
            account: try #require(AccountID("444455556666")),
            region: try #require(RegionName("eu-central-1")),
            cluster: cluster,
            instance: instance.flatMap { InstanceID($0) },
            receivedAt: Timestamp(nanoseconds: 1_800_000_000_000_000_000),
            sha256: SHA256.digest
        )
    }

    private func finding(_ name: String) throws -> JSONValue {
        try FalcoMapping.finding(FalcoAlertTests.alert(name), in: context())
    }

    @Test("a container's alert names container, pod, cluster and node, the target first")
    func resources() throws {
        let finding = try finding("container-connection.json")
        let resources = try #require(finding["Resources"]?.array)
        #expect(
            resources.compactMap { $0["Type"]?.string } == ["Container", "Other", "AwsEksCluster", "AwsEc2Instance"]
        )
        #expect(resources[0]["Id"] == "containerd://4f2e8c11d0aa")
        #expect(resources[0]["Details"]?["Container"]?["ImageName"] == "shop/cart:7")
        #expect(resources[1]["Id"] == "arn:aws:eks:eu-central-1:444455556666:cluster/blue/pod/store/cart-5d9c-abcde")
        let claim = try SubjectClaim.resolve(Finding(finding)).get()
        #expect(claim.podName == ObjectName("cart-5d9c-abcde"))
    }

    @Test("UpdatedAt is the event's time rounded up, and severity stands with the provider's fields")
    func times() throws {
        let finding = try finding("container-connection.json")
        #expect(finding["CreatedAt"] == "2026-05-01T10:00:00.100Z")
        #expect(finding["UpdatedAt"] == "2026-05-01T10:00:00.101Z")
        #expect(finding["ProductFields"]?["falco/eventTime"] == "2026-05-01T10:00:00.100200300Z")
        #expect(finding["FindingProviderFields"]?["Severity"] == ["Label": "HIGH", "Original": "Error"])
        #expect(finding["FindingProviderFields"]?["Types"] == ["TTPs/Execution/T1059"])
        #expect(finding["Workflow"] == nil && finding["Severity"] == nil)
    }

    @Test("the Id is the same for a repeat and another for another remote end, whatever the time and local port")
    func identity() throws {
        let alert = try FalcoAlertTests.alert("container-connection.json")
        var again = alert
        again.time = Timestamp(nanoseconds: 1_790_000_000_000_000_000)
        again.fields["fd.name"] = "10.9.0.5:50000->203.0.113.7:443"
        again.fields["fd.lport"] = 50_000
        again.fields["proc.cmdline"] = "other"
        again.fields["container.id"] = "4f2e8c11d0aa9bffe0011223344556677889900aabbccddeeff0011223344556"
        var elsewhere = alert
        elsewhere.fields["fd.name"] = "10.9.0.5:40112->203.0.113.8:443"
        let ids = try [alert, again, elsewhere].map { try FalcoMapping.finding($0, in: context())["Id"]?.string }
        #expect(ids[0] == ids[1])
        #expect(ids[0] != ids[2])
        #expect(ids[0]?.hasPrefix("falco/eu-central-1/444455556666/") == true)
    }

    @Test("the connection's remote end is the one that is not local")
    func connection() throws {
        let action = try finding("container-connection.json")["Action"]?["NetworkConnectionAction"]
        #expect(action?["ConnectionDirection"] == "OUTBOUND")
        #expect(action?["RemoteIpDetails"]?["IpAddressV4"] == "203.0.113.7")
        #expect(action?["Protocol"] == "TCP")
        var alert = try FalcoAlertTests.alert("container-connection.json")
        alert.fields["fd.lport"] = 443
        let inbound = try FalcoMapping.finding(alert, in: context())["Action"]?["NetworkConnectionAction"]
        #expect(inbound?["ConnectionDirection"] == "INBOUND")
        #expect(inbound?["RemoteIpDetails"]?["IpAddressV4"] == "10.9.0.5")
    }

    @Test("an audit alert names the object and never the node on which Falco ran")
    func audit() throws {
        let finding = try finding("audit-without-source.json")
        let types = (finding["Resources"]?.array ?? []).compactMap { $0["Type"]?.string }
        #expect(types == ["Other", "AwsEksCluster"])
        #expect(finding["ProductFields"]?["falco/field/ka.auth.reason"] == nil)
    }

    @Test("passwords reach neither the description nor the product fields")
    func secrets() throws {
        #expect(!JSONWriter.compact(try finding("container-connection.json")).contains("hunter2"))
    }

    @Test("limits hold for the longest texts, and characters are never cut apart")
    func limits() throws {
        var alert = try FalcoAlertTests.alert("container-connection.json")
        alert.rule = String(repeating: "é👩‍👩‍👧", count: 300)
        alert.output = String(repeating: "日", count: 5_000)
        for index in 0..<120 { alert.fields["x.\(index)"] = .string(String(repeating: "語", count: 3_000)) }
        let finding = try FalcoMapping.finding(alert, in: context())
        #expect(try #require(finding["Title"]?.string).unicodeScalars.count <= 256)
        #expect(finding["Title"]?.string?.hasSuffix("…") == true)
        #expect(finding["Description"]?.string?.unicodeScalars.count == 1_024)
        #expect(try #require(finding["ProductFields"]?.object).count <= 50)
        #expect(JSONWriter.compact(finding).utf8.count <= FalcoMapping.byteLimit)
    }

    @Test(
        "no blank, no null and no placeholder survives in any finding",
        arguments: [
            "container-connection.json",
            "host-without-time.json", "audit-without-source.json", "grpc-time.json",
        ]
    )
    func noBlanks(_ name: String) throws {
        var pending = [try finding(name)]
        while let value = pending.popLast() {
            #expect(!value.isNull)
            if let text = value.string { #expect(value.nonBlank != nil && text != "<NA>") }
            pending += value.array ?? []
            pending += value.object?.values ?? []
        }
    }

    @Test("damaged alerts are findings or named faults, never a crash", arguments: 0..<8)
    func mutations(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for name in try Files.names(in: PackageFolder.fixture("falco")) {
            let whole = try Files.bytes(PackageFolder.fixture("falco/" + name))
            for _ in 0..<25 {
                guard let alert = try? FalcoAlert.parse(Mutation.damaged(whole, &random)) else { continue }
                let finding = try FalcoMapping.finding(alert, in: context(cluster: nil, instance: nil))
                #expect((finding["Resources"]?.array ?? []).isEmpty == false, "seed \(seed)")
            }
        }
    }
}
