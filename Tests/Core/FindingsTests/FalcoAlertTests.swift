import Findings
import TestSupport
import Testing
import Vocabulary

@Suite("Falco alerts")
struct FalcoAlertTests {
    static func alert(_ name: String) throws -> FalcoAlert {
        try FalcoAlert.parse(try Files.bytes(PackageFolder.fixture("falco/" + name)))
    }

    @Test("a container's alert is read field by field")
    func container() throws {
        let alert = try Self.alert("container-connection.json")
        #expect(alert.containerID == "4f2e8c11d0aa")
        #expect(alert.podName == "cart-5d9c-abcde")
        #expect(alert.time?.nanoseconds == 1_777_629_600_100_200_300)
        #expect(alert.mitre.tactics == ["execution"])
        #expect(!alert.isHostEvent)
    }

    @Test("the host's alert without a time takes the event's own time, and <NA> is nothing")
    func host() throws {
        let alert = try Self.alert("host-without-time.json")
        #expect(alert.isHostEvent && alert.containerID == nil)
        #expect(alert.timeOrigin == .eventTime)
        #expect(alert.time?.nanoseconds == 1_777_629_600_100_200_300)
        #expect(alert.user == nil)
        #expect(alert.tags == ["mitre_credential_access", "T1555"])
    }

    @Test("a missing source is inferred from the fields, and offsets are honoured")
    func audit() throws {
        let alert = try Self.alert("audit-without-source.json")
        #expect(alert.source == "k8s_audit" && alert.isSourceInferred)
        #expect(alert.time == Timestamp("2026-05-01T10:00:00Z"))
        #expect(alert.podName == "dbg" && alert.namespace == "store" && alert.user == "jo")
    }

    @Test("Falco's own events are told apart")
    func internalEvents() throws { #expect(try Self.alert("internal-drop.json").isInternal) }

    @Test("a time of seconds and nanoseconds is read")
    func objectTime() throws {
        let alert = try Self.alert("grpc-time.json")
        #expect(alert.time?.nanoseconds == 1_777_629_600_000_000_005)
        #expect(alert.source == "syscall" && alert.priority == .notice)
    }

    @Test(
        "what is no alert is refused with its code",
        arguments: [
            ("Falco version 0.41", "FALCO-001"), ("[]", "FALCO-002"), ("{}", "FALCO-002"),
            (#"{"rule":"R"}"#, "FALCO-002"), (#"{"rule":"R","priority":"WARN"}"#, "FALCO-003"),
        ]
    )
    func refuses(_ line: String, _ code: String) {
        let fault = #expect(throws: FalcoFault.self) { try FalcoAlert.parse(Array(line.utf8)) }
        #expect(fault?.report.code == code)
    }

    @Test("odd types never refuse an alert that has a rule and a priority")
    func oddTypes() throws {
        let line =
            #"{"rule":"R","priority":"info","time":7,"tags":{"a":1},"output":[1],"output_fields":[],"source":null}"#
        let alert = try FalcoAlert.parse(Array(line.utf8))
        #expect(alert.priority == .informational && alert.time == nil && alert.fields.isEmpty && alert.output == nil)
    }

    @Test("a number of microseconds is no event time")
    func microseconds() throws {
        let line = #"{"rule":"R","priority":"info","output_fields":{"evt.time":1507591916746609}}"#
        #expect(try FalcoAlert.parse(Array(line.utf8)).time == nil)
    }

    @Test(
        "secrets in command lines are masked and everything else is left alone",
        arguments: [
            ("mysql -u root -phunter2 --host=db", "mysql -u root -p[redacted] --host=db"),
            (
                "curl -H 'Authorization: Bearer abc.def' https://x",
                "curl -H 'Authorization: Bearer [redacted]' https://x"
            ),
            ("curl -u jo:hunter2 https://x", "curl -u [redacted] https://x"),
            ("tool --password hunter2 run", "tool --password [redacted] run"),
            ("tool --api-key=abc&x=1", "tool --api-key=[redacted]&x=1"),
            ("AWS_SECRET_ACCESS_KEY=abc env", "AWS_SECRET_ACCESS_KEY=[redacted] env"),
            ("psql postgres://jo:hunter2@db/x", "psql postgres://jo:[redacted]@db/x"),
            ("curl https://x/?token=abc&page=2", "curl https://x/?token=[redacted]&page=2"),
            ("sshpass -p hunter2 ssh h", "sshpass -p [redacted] ssh h"),
            ("cat /etc/passwd user=root", "cat /etc/passwd user=root"),
            ("K8s Secret Get (secret=db ns=x)", "K8s Secret Get (secret=db ns=x)"),
            ("a?token=x&secret=y&b=z", "a?token=[redacted]&secret=[redacted]&b=z"),
            (#"{"password":"hunter2"}"#, #"{"password":[redacted]"#), ("", ""),
        ]
    )
    func masks(_ text: String, _ expected: String) { #expect(SecretMask.masked(text) == expected) }

    @Test("a word as long as a line is masked in a time that grows with its length")
    func longWords() {
        let many = String(repeating: "a=", count: 100_000) + String(repeating: "&token=x", count: 50_000)
        #expect(SecretMask.masked(many).hasSuffix("&token=[redacted]"))
    }
}
