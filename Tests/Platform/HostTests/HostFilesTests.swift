import Glibc
import Host
import TestSupport
import Testing
import Vocabulary

@Suite("Files are read within bounds and written whole")
struct HostFilesTests {
    @Test("what was written is read back, for the owner alone")
    func roundTrips() throws {
        let folder = try Scratch()
        try HostFiles.write(Array("plan".utf8), to: folder.path + "/plan.json")
        #expect(try HostFiles.read(folder.path + "/plan.json") == Array("plan".utf8))
        #expect(try HostFiles.names(in: folder.path) == ["plan.json"])
    }

    @Test("a missing file, a folder and a file over the limit are named in the error")
    func explainsFailures() throws {
        let folder = try Scratch()
        let missing = #expect(throws: HostFault.self) { try HostFiles.read(folder.path + "/absent") }
        #expect(missing?.report.code == "FILE-001")
        #expect(missing?.report.location == folder.path + "/absent")
        #expect(throws: HostFault.self) { try HostFiles.read(folder.path) }
        try HostFiles.write([1, 2, 3], to: folder.path + "/big")
        let large = #expect(throws: HostFault.self) { try HostFiles.read(folder.path + "/big", limit: 2) }
        #expect(large?.report.code == "FILE-003")
        let unwritable = #expect(throws: HostFault.self) { try HostFiles.write([], to: folder.path + "/no/such/place") }
        #expect(unwritable?.report.code == "FILE-002")
    }

    @Test("whether a file can be written is known beforehand, and finding it out leaves nothing behind")
    func checksBeforehand() throws {
        let folder = try Scratch()
        try HostFiles.makeFolder(folder.path + "/sub")
        try HostFiles.checkWritable(folder.path + "/new")
        for path in ["/no/such/place", "/sub", "/sub/", "/new/"] {
            let asked = #expect(throws: HostFault.self) { try HostFiles.checkWritable(folder.path + path) }
            let tried = #expect(throws: HostFault.self) { try HostFiles.write([1], to: folder.path + path) }
            #expect(asked?.report.code == "FILE-002" && tried?.report.code == "FILE-002", "\(path)")
        }
        // Hidden files too.
        #expect(try Command.run("find \(folder.path) -mindepth 1").output == "\(folder.path)/sub\n")
    }

    @Test("a pipe that is written to stays a pipe, and its reader gets the text")
    func writesThrough() throws {
        let folder = try Scratch()
        let pipe = folder.path + "/pipe"
        try #require(unsafe mkfifo(pipe, 0o600) == 0)
        // Held open at both ends, so that nobody waits for anybody.
        let reader = unsafe open(pipe, O_RDWR)
        defer { close(reader) }
        try HostFiles.checkWritable(pipe)
        try HostFiles.write(Array("plan".utf8), to: pipe)
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(reader, $0.baseAddress, $0.count) }
        #expect(Array(bytes.prefix(max(0, count))) == Array("plan".utf8))
        #expect(try HostFiles.names(in: folder.path) == ["pipe"])
    }
}
