internal import Findings
internal import Vocabulary

/// Findings and rejects of some texts, one alert a line.
struct FalcoConversion {
    let context: FalcoContext
    /// JSON lines.
    private(set) var findings = ""
    /// JSON lines.
    private(set) var rejects = ""
    private(set) var findingCount = 0
    private(set) var rejectCount = 0
    private(set) var internalCount = 0

    init(context: FalcoContext) { self.context = context }

    mutating func add(_ bytes: [UInt8]) {
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0a) ?? bytes.count
            let line = bytes[start..<end]
            if !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { convert(Array(line), at: start) }
            start = end + 1
        }
    }

    private mutating func convert(_ line: [UInt8], at offset: Int) {
        do throws(FalcoFault) {
            let alert = try FalcoAlert.parse(line)
            if alert.isInternal {
                internalCount += 1
                return
            }
            findings += JSONWriter.compact(try FalcoMapping.finding(alert, in: context)) + "\n"
            findingCount += 1
        } catch {
            rejectCount += 1
            let reject: JSONValue = [
                "code": .string(error.report.code), "reason": .string(error.report.what),
                "offset": .integer(Int64(offset)), "length": .integer(Int64(line.count)),
                "original": .string(String(decoding: line, as: UTF8.self)),
            ]
            rejects += JSONWriter.compact(reject) + "\n"
        }
    }

    var summary: String {
        "\(findingCount) finding(s), \(rejectCount) reject(s), \(internalCount) internal event(s) of Falco left out"
    }
}
