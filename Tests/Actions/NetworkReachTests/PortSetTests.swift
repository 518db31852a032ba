import NetworkReach
import Testing

/// Sets of ports as sets.
@Suite("port sets")
struct PortSetTests {
    @Test("ranges that touch become one")
    func touching() {
        let set = PortSet(1...5, .tcp).union(PortSet(6...9, .tcp)).union(PortSet(20...20, .udp))
        #expect(set.description == "1-9/TCP, 20/UDP")
    }

    @Test("taking away leaves the rest on both sides")
    func subtraction() {
        #expect(PortSet(1...9, .tcp).subtracting(PortSet(4...5, .tcp)).description == "1-3/TCP, 6-9/TCP")
        #expect(PortSet.all.subtracting(.all).isEmpty)
        #expect(!PortSet.all.subtracting(PortSet(0...65_535, .tcp)).isEmpty)
    }

    @Test("all ports of the three protocols are not all traffic: ICMP has none")
    func otherProtocols() {
        var set = PortSet()
        for kind in TransportProtocol.allCases { set.formUnion(PortSet(0...65_535, kind)) }
        #expect(set != .all)
        #expect(PortSet.all.subtracting(set).description == "other protocols")
    }

    @Test("a name is only covered by itself or by all ports of its protocol")
    func names() {
        let name = PortSet(named: PortName("web", .tcp))
        #expect(!name.subtracting(PortSet(8_080...8_080, .tcp)).isEmpty)
        #expect(name.subtracting(PortSet(0...65_535, .tcp)).isEmpty)
        #expect(!name.subtracting(PortSet(0...65_535, .udp)).isEmpty)
    }

    @Test("ports outside the numbers that exist fall away")
    func bounds() {
        #expect(PortRanges([-5 ... -1, 65_530...70_000]).texts == ["65530-65535"])
    }
}
