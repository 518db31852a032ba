/// Which instance types come with disks of the host, which no snapshot reaches.
enum InstanceStore {
    /// Families that always have it, whatever their name's letters say.
    private static let families: Set<String> = [
        "c1", "c3", "cc2", "d2", "d3", "d3en", "dl1", "dl2q", "f1", "f2", "g2", "g4ad", "g4dn", "g5", "g6", "g6e",
        "gr6",
        "h1", "hs1", "i2", "i3", "i3en", "i4g", "i4i", "i7i", "i7ie", "i8g", "i8ge", "im4gn", "is4gen", "m1", "m2",
        "m3", "p4d", "p4de", "p5", "p5e", "p5en", "p6-b200", "r3", "trn1", "trn1n", "trn2", "x1", "x1e", "z1d",
    ]

    /// In names since the fifth generation, a `d` after the number means local NVMe: `m5d`, `c6gd`, `r6idn`.
    static func isPart(of type: String) -> Bool {
        guard let family = type.split(separator: ".").first.map(String.init) else { return false }
        if families.contains(family) { return true }
        let letters = family.drop { $0.isLetter }.drop { $0.isNumber }
        let series = family.prefix { $0.isLetter }
        return ["c", "m", "r", "x", "hpc", "p"].contains(series) && letters.contains("d")
    }
}
