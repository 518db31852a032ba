internal import Glibc

/// The shared corpora that some tests read: `$FIREBREAK_CORPORA`, or `../shared` beside the checkout.
package enum Corpora {
    /// The folder's path; nil when a clone stands alone.
    package static let root: String? = {
        if let named = unsafe getenv("FIREBREAK_CORPORA") { return unsafe String(cString: named) }
        let beside = PackageFolder.path + "/../shared"
        return unsafe access(beside, R_OK) == 0 ? beside : nil
    }()

    /// Whether the corpora are there; tests that need them are enabled by it and say so when they are not.
    package static var arePresent: Bool { root != nil }
    package static let absence = "the corpora are not beside this checkout: set FIREBREAK_CORPORA to their folder"

    package static func path(_ relative: String) -> String { (root ?? "/corpora-are-absent") + "/" + relative }
}

/// The package's own folder, found from this file's place.
package enum PackageFolder {
    package static let path: String = {
        let parts = #filePath.split(separator: "/").dropLast(3)
        return "/" + parts.joined(separator: "/")
    }()

    package static func fixture(_ relative: String) -> String { path + "/Tests/Fixtures/" + relative }
}
