import FirebreakCommand
import TestSupport
import Testing
import Vocabulary

@Suite("explain says why a playbook starts on a finding or does not")
struct ExplainCommandTests {
    private func explain(_ playbook: String, _ finding: String) async -> CommandLineRun {
        await CommandLineRun(
            [
                "playbook", "explain", PackageFolder.path + "/playbooks/\(playbook)/playbook.yaml", "--finding",
                PackageFolder.path + "/playbooks/\(finding)/finding.json", "--output", "json",
            ]
        )
    }

    @Test("the trigger that fits fires with its mode, the other says what it missed")
    func saysWhy() async throws {
        let button = await explain("contain-pod", "contain-pod")
        #expect(button.status == .done)
        let pressed = try #require(button.json["findings"]?[0]?["triggers"]?.array)
        #expect(pressed[0]["fires"] == true && pressed[0]["mode"] == "auto")
        #expect(pressed[1]["fires"] == false && pressed[1]["reason"] == "the event is no imported finding")
        let imported = await explain("contain-pod", "triage-only")
        let triggers = try #require(imported.json["findings"]?[0]?["triggers"]?.array)
        #expect(triggers[0]["fires"] == false && triggers[0]["reason"] == "the event is no custom action")
        #expect(triggers[1]["fires"] == true && triggers[1]["mode"] == "approve")
        #expect(imported.json["findings"]?[0]?["subject"]?["pod"]?["name"] == "cart-7c9d8b6f5-m9x4t")
    }

    @Test("another button is named, and a missing file is bad input")
    func namesWhatItMissed() async throws {
        let other = await explain("capture-then-contain", "contain-pod")
        let reason = other.json["findings"]?[0]?["triggers"]?[0]?["reason"]?.string ?? ""
        #expect(reason.contains("another button was pressed") && reason.contains("ContainPod"))
        let missing = await explain("contain-pod", "no-such")
        #expect(missing.status == .usage && missing.json["error"]?["code"] == "FILE-001")
    }
}
