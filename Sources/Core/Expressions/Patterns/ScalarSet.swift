/// A set of Unicode scalars that a pattern accepts at one place.
struct ScalarSet: Sendable {
    private(set) var ranges: [ClosedRange<UInt32>] = []
    /// Sets that are described rather than listed: general categories, negated classes.
    private var nested: [ScalarSet] = []
    private var categories: Set<String> = []
    var isNegated = false
    /// Upper and lower case are the same.
    var foldsCase = false

    init(_ ranges: [ClosedRange<UInt32>] = [], isNegated: Bool = false) {
        self.ranges = ranges
        self.isNegated = isNegated
    }

    init(_ scalar: Unicode.Scalar) { ranges = [scalar.value...scalar.value] }

    /// A general category such as `L` or `Nd`.
    init(category: String, isNegated: Bool) {
        categories = [category]
        self.isNegated = isNegated
    }

    mutating func insert(_ range: ClosedRange<UInt32>) { ranges.append(range) }

    mutating func insert(_ other: ScalarSet) { nested.append(other) }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        guard foldsCase else { return holds(scalar) != isNegated }
        let lower = scalar.simpleLowercase
        let upper = scalar.simpleUppercase
        let isIn = holds(scalar) || holds(lower) || holds(upper) || holds(upper.simpleLowercase)
        return isIn != isNegated
    }

    private func holds(_ scalar: Unicode.Scalar) -> Bool {
        for range in ranges where range.contains(scalar.value) { return true }
        for set in nested where set.contains(scalar) { return true }
        guard !categories.isEmpty else { return false }
        let name = scalar.properties.generalCategory.shortName
        return categories.contains(name) || categories.contains(String(name.prefix(1)))
    }

    private static func letters(_ first: Unicode.Scalar, _ last: Unicode.Scalar) -> ClosedRange<UInt32> {
        first.value...last.value
    }

    static let digits = ScalarSet([letters("0", "9")])
    static let words = ScalarSet([letters("0", "9"), letters("A", "Z"), letters("a", "z"), letters("_", "_")])
    static let spaces = ScalarSet([0x09...0x0a, 0x0c...0x0d, 0x20...0x20])

    /// The classes of POSIX, ASCII only.
    static let posix: [String: ScalarSet] = [
        "alnum": ScalarSet([letters("0", "9"), letters("A", "Z"), letters("a", "z")]),
        "alpha": ScalarSet([letters("A", "Z"), letters("a", "z")]),
        "ascii": ScalarSet([0...0x7f]),
        "blank": ScalarSet([0x09...0x09, 0x20...0x20]),
        "cntrl": ScalarSet([0...0x1f, 0x7f...0x7f]),
        "digit": digits,
        "graph": ScalarSet([0x21...0x7e]),
        "lower": ScalarSet([letters("a", "z")]),
        "print": ScalarSet([0x20...0x7e]),
        "punct": ScalarSet([0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e]),
        "space": ScalarSet([0x09...0x0d, 0x20...0x20]),
        "upper": ScalarSet([letters("A", "Z")]),
        "word": words,
        "xdigit": ScalarSet([letters("0", "9"), letters("A", "F"), letters("a", "f")]),
    ]

    /// Names that `\p{…}` takes.
    static let categoryNames: Set<String> = {
        var names: Set<String> = ["L", "M", "N", "P", "S", "Z", "C"]
        for category in GeneralCategories.all { names.insert(category.shortName) }
        return names
    }()
}

extension Unicode.Scalar {
    /// The lower case, when it is one scalar.
    fileprivate var simpleLowercase: Unicode.Scalar { single(properties.lowercaseMapping) }
    fileprivate var simpleUppercase: Unicode.Scalar { single(properties.uppercaseMapping) }

    private func single(_ mapping: String) -> Unicode.Scalar {
        let scalars = mapping.unicodeScalars
        guard let first = scalars.first, scalars.count == 1 else { return self }
        return first
    }
}

/// Unicode's general categories.
enum GeneralCategories {
    static let all: [Unicode.GeneralCategory] = [
        .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
        .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber, .connectorPunctuation,
        .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
        .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol, .spaceSeparator,
        .lineSeparator, .paragraphSeparator, .control, .format, .surrogate, .privateUse, .unassigned,
    ]
}

extension Unicode.GeneralCategory {
    /// The two-letter name of the Unicode standard.
    var shortName: String {
        switch self {
        case .uppercaseLetter: "Lu"
        case .lowercaseLetter: "Ll"
        case .titlecaseLetter: "Lt"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .nonspacingMark: "Mn"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation: "Pc"
        case .dashPunctuation: "Pd"
        case .openPunctuation: "Ps"
        case .closePunctuation: "Pe"
        case .initialPunctuation: "Pi"
        case .finalPunctuation: "Pf"
        case .otherPunctuation: "Po"
        case .mathSymbol: "Sm"
        case .currencySymbol: "Sc"
        case .modifierSymbol: "Sk"
        case .otherSymbol: "So"
        case .spaceSeparator: "Zs"
        case .lineSeparator: "Zl"
        case .paragraphSeparator: "Zp"
        case .control: "Cc"
        case .format: "Cf"
        case .surrogate: "Cs"
        case .privateUse: "Co"
        case .unassigned: "Cn"
        @unknown default: "Cn"
        }
    }
}
