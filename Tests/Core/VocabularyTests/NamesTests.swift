import Testing
import Vocabulary

@Suite("Outside text becomes a name only when it has the shape of one")
struct NamesTests {
    @Test("names that Kubernetes and AWS give are taken")
    func takesGoodNames() {
        #expect(ObjectName("ip-10-0-1-23.ec2.internal") != nil)
        #expect(NamespaceName("payments") != nil)
        #expect(ObjectUID("020ce11b-de77-4eda-ba4f-e80ad650521a") != nil)
        #expect(ContainerID(runtimeText: "containerd://82bb2bd2a5d1") == ContainerID("82bb2bd2a5d1"))
        #expect(InstanceID("i-0abcd1234ef567890") != nil && InstanceID("i-1a2b3c4d") != nil)
        #expect(AccountID("111122223333") != nil)
        #expect(RegionName("us-gov-west-1")?.partition == "aws-us-gov")
        #expect(ARN("arn:aws:eks:us-east-1:111122223333:cluster/prod-1")?.name == "prod-1")
    }

    @Test(
        "text that could reach into a path, a selector or a shell is no name",
        arguments: [
            "", "../x", "a/b", "a b", "A", "-a", "a-", "a..b", "a%2Fb", "a\n", "é", String(repeating: "a", count: 254),
        ]
    )
    func refusesBadNames(_ text: String) {
        #expect(ObjectName(text) == nil)
        #expect(NamespaceName(text) == nil)
        #expect(InstanceID("i-" + text) == nil)
    }

    @Test("short and long forms of one container id meet, others do not")
    func containerIDsMeet() throws {
        let short = try #require(ContainerID("82bb2bd2a5d1"))
        let long = try #require(ContainerID("82bb2bd2a5d1eb595589d3c1577cf3827e35a573df7ecc6c5c9e8385c1d3b35e"))
        #expect(short.meets(long) && long.meets(short))
        #expect(!short.meets(try #require(ContainerID("82bb2bd2a5d2"))))
    }

    @Test(
        "addresses are read strictly and written in their shortest form",
        arguments: [
            ("10.0.1.105", "10.0.1.105"), ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("::", "::"), ("::1", "::1"),
            ("::ffff:10.0.0.1", "::ffff:a00:1"), ("fe80:0:1::", "fe80:0:1::"),
        ]
    )
    func readsAddresses(_ text: String, _ written: String) throws {
        #expect(try #require(IPAddress(text)).description == written)
    }

    @Test(
        "what is no address is nil",
        arguments: [
            "", "10.0.0", "10.0.0.256", "010.0.0.1", "1:2", "1::2::3", "::12345", "1:2:3:4:5:6:7:8:9", "g::",
            "10.0.0.1/8",
        ]
    )
    func refusesAddresses(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("a block contains its addresses and the blocks inside it")
    func blocksContain() throws {
        let block = try #require(CIDR("10.0.0.5/8"))
        #expect(block.description == "10.0.0.0/8")
        #expect(block.contains(try #require(IPAddress("10.255.255.255"))))
        #expect(!block.contains(try #require(IPAddress("11.0.0.0"))))
        #expect(!block.contains(try #require(IPAddress("::a00:1"))))
        #expect(try #require(CIDR("0.0.0.0/0")).contains(block))
        #expect(!block.contains(try #require(CIDR("0.0.0.0/0"))))
        #expect(try #require(CIDR("::/0")).contains(try #require(IPAddress("fe80::1"))))
        #expect(CIDR("10.0.0.0/33") == nil && CIDR("10.0.0.0/-1") == nil && CIDR("10.0.0.0") == nil)
    }
}
