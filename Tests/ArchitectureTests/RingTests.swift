import TestSupport
import Testing
import Vocabulary

/// A target as the package manager sees it.
struct PackageTarget: Sendable {
    var name: String
    var path: String
    var neighbours: [String]

    /// `Core` of `Sources/Core/Runs`; nil for tests.
    var ring: String? {
        let parts = path.split(separator: "/").map(String.init)
        return parts.count == 3 && parts[0] == "Sources" ? parts[1] : nil
    }

    static func all() throws -> [PackageTarget] {
        let scratch = try Scratch()
        let line = "swift package --package-path '\(PackageFolder.path)' --scratch-path '\(scratch.path)' dump-package"
        let (output, status) = try Command.run(line + " 2>/dev/null")
        try #require(status == 0, "swift package dump-package failed")
        let targets = try #require(try JSONReader.parse(output)["targets"]?.array)
        return targets.compactMap { target in
            guard let name = target["name"]?.string, let path = target["path"]?.string else { return nil }
            let neighbours = (target["dependencies"]?.array ?? []).compactMap {
                ($0["target"] ?? $0["byName"] ?? $0["product"])?[0]?.string
            }
            return PackageTarget(name: name, path: path, neighbours: neighbours)
        }
    }
}

@Suite("The rings hold: dependencies point toward Core")
struct RingTests {
    private static let mayImport: [String: Set<String>] = [
        "Core": ["Core"],
        "Platform": ["Platform", "Vocabulary"],
        "Clients": ["Clients", "Platform", "Core"],
        "Actions": ["Actions", "Clients", "Platform", "Core"],
        "Runtime": ["Runtime", "Actions", "Clients", "Platform", "Core"],
        "Commands": ["Commands", "Runtime", "Actions", "Clients", "Platform", "Core", "ArgumentParser"],
    ]

    @Test("every target depends only on rings that its own may know")
    func dependenciesPointInward() throws {
        let targets = try PackageTarget.all()
        let rings = Dictionary(targets.map { ($0.name, $0.ring) }, uniquingKeysWith: { first, _ in first })
        try #require(targets.count > 20)
        for target in targets {
            guard let ring = target.ring, let allowed = Self.mayImport[ring] else { continue }
            for neighbour in target.neighbours {
                let neighbourRing = rings[neighbour] ?? nil
                let isAllowed = allowed.contains(neighbour) || neighbourRing.map(allowed.contains) == true
                #expect(isAllowed, "\(target.name) (\(ring)) must not depend on \(neighbour)")
            }
        }
    }

    @Test("every target has its paragraph in Docs/Map.md")
    func mapIsComplete() throws {
        let map = try Files.text(PackageFolder.path + "/Docs/Map.md")
        for target in try PackageTarget.all() where target.ring != nil {
            #expect(map.contains("**\(target.name)**"), "Docs/Map.md does not mention \(target.name)")
        }
    }
}
