internal import Vocabulary

/// What a container runtime or kubectl wrote before the line of a program.
struct LinePrefix {
    var time: Timestamp
    /// Only containerd and CRI-O say it.
    var stream: String?
    /// Whether the line goes on; nil where nobody says.
    var isPart: Bool?
    /// Where the program's own bytes begin.
    var end: Int

    /// `2026-03-02T08:15:21.001674096Z stdout F …` or `2026-03-02T08:15:21.001674096Z …`; nil for every other line.
    init?(_ line: [UInt8]) {
        guard line.count > 20, (0x30...0x39).contains(line[0]), line[4] == 0x2d, line[10] == UInt8(ascii: "T"),
            let gap = line.prefix(40).firstIndex(of: 0x20),
            let time = Timestamp(String(decoding: line[..<gap], as: UTF8.self))
        else { return nil }
        self.time = time
        end = gap + 1
        takeStream(line)
    }

    private mutating func takeStream(_ line: [UInt8]) {
        let rest = line[end...]
        for name in ["stdout", "stderr"] where rest.starts(with: name.utf8) {
            let tag = end + 7
            guard tag < line.count, line[tag - 1] == 0x20 else { return }
            // More tags may follow the first, set off by colons.
            let isPart = line[tag] == UInt8(ascii: "P")
            guard isPart || line[tag] == UInt8(ascii: "F") else { return }
            let after = line[tag...].prefix(64).firstIndex(of: 0x20) ?? min(line.count, tag + 1)
            guard after == tag + 1 || line[tag + 1] == 0x3a else { return }
            stream = name
            self.isPart = isPart
            end = min(line.count, after + 1)
            return
        }
    }
}
