internal import Glibc

/// Reads and writes whole files for tests.
package enum Files {
    package struct Unreadable: Error, CustomStringConvertible {
        package var path: String
        package var description: String { "cannot read \(path)" }
    }

    package static func bytes(_ path: String) throws -> [UInt8] {
        guard let file = unsafe fopen(path, "rb") else { throw Unreadable(path: path) }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe fread($0.baseAddress, 1, $0.count, file) }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    package static func exist(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }

    package static func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

    package static func write(_ bytes: [UInt8], to path: String) throws {
        guard let file = unsafe fopen(path, "wb") else { throw Unreadable(path: path) }
        defer { unsafe fclose(file) }
        guard unsafe bytes.withUnsafeBytes({ unsafe fwrite($0.baseAddress, 1, $0.count, file) }) == bytes.count else {
            throw Unreadable(path: path)
        }
    }

    /// Names in a folder, sorted, without the dotted ones.
    package static func names(in folder: String) throws -> [String] {
        guard let directory = unsafe opendir(folder) else { throw Unreadable(path: folder) }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}
