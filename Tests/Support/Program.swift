/// The package's own programs, as the build that these tests belong to made them.
package enum Program {
    /// `name`: a product, such as `firebreak`.
    package static func path(_ name: String) -> String {
        // The tests' bundle lies beside the programs; how it was named on the command line varies.
        let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? ""
        let folder = bundle.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return folder.isEmpty ? PackageFolder.path + "/.build/debug/" + name : folder + "/" + name
    }
}
