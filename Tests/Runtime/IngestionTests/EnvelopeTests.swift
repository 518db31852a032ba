import Envelopes
import Findings
import TestSupport
import Testing
import Vocabulary

@Suite("Envelopes, told apart by content")
struct EnvelopeTests {
    private static let alert = Sample.alert("R")
    private static let quoted = Sample.quoted(alert)

    @Test(
        "one alert comes out of each shape, once",
        arguments: [
            alert, "\u{FEFF}\(alert)\r\n", "2026-05-01T10:00:00.000000001Z \(alert)",
            "2026-05-01T10:00:00.000000001+02:00 stdout F \(alert)",
            #"{"log":\#(quoted),"stream":"stdout","time":"x"}"#,
            #"{"log":\#(quoted),"logtag":"F","stream":"stdout","account_id":"444455556666"}"#, #"{"log":\#(alert)}"#,
            #"{"log_processed":\#(alert),"log":\#(quoted),"kubernetes":{"pod_name":"falco-1"}}"#,
            #"{"log_processed":\#(alert),"kubernetes":{"pod_name":"falco-1"}}"#,
            #"{"stream":"stdout","log":\#(quoted),"kubernetes":{},"# + String(alert.dropFirst()),
            #"{"stream":"stdout","kubernetes":{},"# + String(alert.dropFirst()),
            #"{"source":"stdout","log":\#(Sample.quoted(alert + "\n")),"container_id":"c","ecs_cluster":"e"}"#,
            #"{"log":\#(Sample.quoted("2026-05-01T10:00:00Z stdout F " + alert))}"#, "[\(alert)]",
            #"{"specversion":"1.0","type":"falco.rule.output.v1","data":\#(alert)}"#,
            Sample.subscription([alert]), Sample.subscription([#"{"log":\#(quoted)}"#]),
            #"{"Records":[{"body":\#(quoted),"eventSource":"aws:sqs"}]}"#,
            #"{"Records":[{"Sns":{"Message":\#(quoted)}}]}"#,
            #"{"Records":[{"kinesis":{"data":"\#(Base64.encode(Array(alert.utf8)))"}}]}"#,
            #"{"requestId":"1","timestamp":1,"records":[{"data":"\#(Base64.encode(Array(alert.utf8)))"}]}"#,
        ]
    )
    func shapes(_ text: String) { #expect(Taken(text).words == ["alert R"]) }

    @Test("compressed data of Lambda, Kinesis and Firehose, and whole objects, give the same alerts")
    func compressed() throws {
        let message = Sample.subscription([Self.alert, Sample.alert("S")])
        let data = Base64.encode(try Sample.gzip(message))
        let inputs = [
            Array(try Sample.lambda(message).utf8), Array(#"{"Records":[{"kinesis":{"data":"\#(data)"}}]}"#.utf8),
            Array(#"{"invocationId":"i","region":"us-west-2","records":[{"recordId":"1","data":"\#(data)"}]}"#.utf8),
            try Sample.gzip(message),
            try Sample.gzip(Sample.subscription([Self.alert])) + Sample.gzip(Sample.alert("S")),
            try Sample.gzip(try Sample.lambda(message)),
        ]
        for input in inputs {
            #expect(Taken(input).words == ["alert R", "alert S"])
            #expect(Taken(input, pieces: 1).words == ["alert R", "alert S"])
        }
    }

    @Test("an input in pieces of any size gives the same items in the same places", arguments: [1, 3, 64, 1_000])
    func pieces(_ pieces: Int) {
        let text = [
            "banner", Self.alert, Sample.subscription([Self.alert, "words"]), "{\n\"log\": \n\(Self.quoted)\n}", "",
            #"{"rule":"#, Self.alert + Self.alert, #"{"messageType":"CONTROL_MESSAGE","logEvents":[]}"#, Self.alert,
        ].joined(separator: "\n")
        let whole = Taken(text)
        let parts = Taken(text, pieces: pieces)
        #expect(whole.words == parts.words)
        #expect(whole.items.map(\.place) == parts.items.map(\.place))
        #expect(whole.words.count { $0 == "alert R" } == 6)
    }

    @Test("the shipper's knowledge goes with the alert, and Falco's pod is never taken for the attacked one")
    func surroundings() throws {
        let record =
            #"{"account_id":"444455556666","ec2_instance_id":"i-0123456789abcdef0","az":"eu-central-1a","hostname":"n","#
            + #""cluster":"blue","stream":"stdout","logtag":"F","kubernetes":{"pod_name":"falco-1"},"log":\#(Self.quoted)}"#
        let taken = Taken(Sample.subscription([record]))
        let around = try #require(taken.surroundings.first)
        #expect(around.account == AccountID("444455556666") && around.owner == AccountID("999988887777"))
        #expect(around.region == RegionName("eu-central-1") && around.cluster == "blue" && around.hostname == "n")
        #expect(around.logStream == "s" && around.eventID == "e0" && around.stream == "stdout")
        #expect(around.receivedAt == Timestamp(milliseconds: 1_777_629_600_500))
        #expect(try #require(taken.alerts.first).podName == nil)
    }

    @Test("the task of FireLens names account and Region")
    func ecs() throws {
        let task = "arn:aws:ecs:us-west-2:111122223333:task/prod/3de392df6bfa470b97edaa6f482cd7a6"
        let record = #"{"source":"stdout","log":\#(Self.quoted),"ecs_cluster":"prod","ecs_task_arn":"\#(task)"}"#
        let around = try #require(Taken(record).surroundings.first)
        #expect(around.account == AccountID("111122223333") && around.region == RegionName("us-west-2"))
        #expect(around.ecs?.taskARN == task && around.ecs?.cluster == "prod")
    }

    @Test("the stream of a merged record is not Falco's source")
    func mergedSource() throws {
        let record = #"{"stream":"stdout","source":"stdout","kubernetes":{},"# + String(Self.alert.dropFirst())
        #expect(try #require(Taken(record).alerts.first).source == "syscall")
    }

    @Test(
        "what is no alert is noise, and what was meant to be one is a reject",
        arguments: [
            ("Fri May  1 10:00:00 2026: Falco version 0.41", "text"), ("\n", "blank"), ("null", "text"),
            ("{}", "blank"), ("[]", "foreignJSON"), (#"{"level":"info"}"#, "foreignJSON"), (#"{"log":5}"#, "blank"),
            ("{words in braces}", "text"), (#"{"rule":"R"}"#, "reject FALCO-002"),
            (#"{"rule":"R","priority":"WARN"}"#, "reject FALCO-003"), (#"{"rule":"R","pri"#, "reject FALCO-001"),
            (#"{"Rule":"R","output":"o"}"#, "reject FALCO-002"), (#"{"Records":[]}"#, "reject ENVELOPE-005"),
            (#"{"messageType":"DATA_MESSAGE"}"#, "reject ENVELOPE-004"),
            (#"{"awslogs":{"data":"!!!"}}"#, "reject ENVELOPE-001"),
            (#"{"awslogs":{"data":"e30="}}"#, "reject ENVELOPE-002"),
            (#"{"awslogs":{}}"#, "reject ENVELOPE-005"), (#"{"Records":[{"s3":{}}]}"#, "reject ENVELOPE-005"),
            (#"{"messageType":"DATA_MESSAGE","logEvents":[{}]}"#, "reject ENVELOPE-009"),
        ]
    )
    func refusals(_ text: String, _ word: String) { #expect(Taken(text).words == [word]) }

    @Test("a Lambda event that is broken anywhere gives one reject, and nothing of it is taken")
    func brokenEvents() throws {
        let message = Sample.subscription([Self.alert, Self.alert])
        let gzip = try Sample.gzip(message)
        var damaged = gzip
        damaged[damaged.count - 6] ^= 1
        for (bytes, code) in [(Array(gzip.dropLast(9)), "GZIP-002"), (damaged, "GZIP-003")] {
            #expect(Taken(#"{"awslogs":{"data":"\#(Base64.encode(bytes))"}}"#).words == ["reject \(code)"])
        }
        #expect(Taken(try Sample.lambda(String(message.dropLast(2)))).words == ["reject ENVELOPE-003"])
        #expect(Taken(try Sample.lambda(message + "{}")).words == ["reject ENVELOPE-003"])
        #expect(Taken(try Sample.lambda(message + message)).words.count == 4)
    }

    @Test("a damaged member of an object costs its own alerts only")
    func damagedMember() throws {
        let good = try Sample.gzip(Self.alert + "\n")
        #expect(Taken(good + good.dropLast(3)).words == ["alert R", "reject GZIP-002"])
        #expect(Taken(good + Array("words".utf8)).words == ["alert R", "reject GZIP-001"])
    }

    @Test("a broken event inside a sound message is a reject alone, however it pretends to be an envelope")
    func brokenEvent() throws {
        let messages = [Self.alert, #"{"Records":[]}"#, #"{"rule":"R"}"#, Self.alert]
        let words = ["alert R", "reject ENVELOPE-005", "reject FALCO-002", "alert R"]
        #expect(Taken(Sample.subscription(messages)).words == words)
        #expect(Taken(try Sample.lambda(Sample.subscription(messages))).words == words)
    }

    @Test("rejects hold what to convert again, with its surroundings")
    func rejects() throws {
        let taken = Taken(Sample.subscription([#"{"log":"{\"rule\":\"R\"}","account_id":"444455556666"}"#]))
        let reject = try #require(taken.rejects.first)
        #expect(Taken(reject.original).rejects.first?.original == reject.original)
        let lines = [#"{"rule":"R"}"#, "{\"rule\":\"R\u{1}\"}"].map { Taken($0).rejects[0].json }
        for line in lines { #expect(Taken(JSONWriter.compact(line)).words.first?.hasPrefix("reject FALCO") == true) }
    }

    @Test("a reject whose cause is gone becomes an alert")
    func redrive() {
        let reject = IntakeReject(
            FalcoFault.noRule.report,
            .record,
            at: InputPlace(offset: 0, length: 0),
            original: Array(Sample.subscription([Self.alert]).utf8)
        )
        #expect(Taken(JSONWriter.compact(reject.json)).words == ["alert R"])
    }

    @Test("text alerts take the day from their envelope, across midnight too")
    func textAlerts() throws {
        let line = "23:59:59.500000000: Warning Sensitive file opened (file=/etc/shadow)"
        let taken = Taken("2026-05-02T00:00:01Z stdout F \(line)\n\(line)\n12:00:00: Falco")
        #expect(taken.words == ["alert Sensitive file opened ", "alert Sensitive file opened ", "text"])
        #expect(taken.alerts[0].time == Timestamp("2026-05-01T23:59:59.5Z"))
        #expect(taken.alerts[1].time == nil && taken.alerts[1].priority == .warning)
        let dated = Taken("2026-05-01T10:00:00.000000001+0000: Error Words")
        #expect(dated.alerts.first?.time == Timestamp("2026-05-01T10:00:00.000000001Z"))
    }
}
