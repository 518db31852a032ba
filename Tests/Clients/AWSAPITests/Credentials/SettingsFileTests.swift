import AWSAPI
import Testing
import Vocabulary

@Suite("Configuration files are read line by line, within bounds")
struct SettingsFileTests {
    private func file(_ text: String) throws -> SettingsFile { try SettingsFile(Array(text.utf8), file: "config") }

    @Test("sections, comments, values with every character, groups and continuations")
    func reads() throws {
        let file = try file(
            """
            # comment
            ; comment
            [default]\r
            Region = eu-central-1\r
            aws_secret_access_key=a#b;c = d
            empty =
            [ profile  "two words" ]
            region = us-east-1
            [services dev]
            s3 =
              endpoint_url = http://127.0.0.1:1
            ec2 =
            \tendpoint_url=http://127.0.0.1:2
            text = one
              two
            [default]
            region = eu-west-1
            """
        )
        #expect(
            file.sections["default"]?.values
                == ["region": "eu-west-1", "aws_secret_access_key": "a#b;c = d", "empty": ""]
        )
        #expect(file.sections["profile two words"]?.values == ["region": "us-east-1"])
        let groups = ["s3": ["endpoint_url": "http://127.0.0.1:1"], "ec2": ["endpoint_url": "http://127.0.0.1:2"]]
        #expect(file.sections["services dev"]?.groups == groups)
        #expect(file.sections["services dev"]?.values["text"] == "one\ntwo")
    }

    @Test(
        "what cannot be read is named by its line, and not quoted",
        arguments: [
            ("[default]\nhidden-text", 2), ("hidden-text = 1", 1), ("[hidden-text", 1), ("[]", 1),
            ("[a]\n\n  hidden-text = 1", 3), ("[a]\nb =\n  hidden-text", 3), ("[a]\n= hidden-text", 2),
            ("[a]\nb = \0hidden-text", 2),
        ]
    )
    func refuses(_ text: String, _ line: Int) throws {
        let fault = #expect(throws: CredentialsFault.self) { try file(text) }
        #expect(fault?.report.code == "CREDENTIALS-001")
        #expect(fault?.report.location == "config:\(line):1")
        #expect(fault?.description.contains("hidden-text") == false)
    }

    @Test("a file over the limit is refused, one of any bytes does no harm")
    func bounds() {
        let large = [UInt8](repeating: 0x0a, count: SettingsFile.sizeLimit + 1)
        #expect(throws: CredentialsFault.self) { try SettingsFile(large, file: "config") }
        #expect(throws: CredentialsFault.self) { try SettingsFile([0xff, 0xfe], file: "config") }
        #expect(throws: Never.self) { try SettingsFile([], file: "config") }
    }
}
