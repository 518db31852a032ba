/// A text compared without regard to case, one character at a time, by its lower-case or its upper-case form.
///
/// A form may have several characters (ß is SS in upper case), hence `straße` accepts `STRASSE` but not the other way.
struct CaselessText: Sendable, Hashable {
    enum Anchor: Sendable, Hashable { case whole, prefix, suffix }

    private struct Forms: Sendable, Hashable {
        var lower: [UInt32]
        var upper: [UInt32]
    }

    private let forms: [Forms]

    init(_ text: String) {
        var forms: [Forms] = []
        for scalar in text.unicodeScalars {
            forms.append(
                Forms(
                    lower: scalar.properties.lowercaseMapping.unicodeScalars.map(\.value),
                    upper: scalar.properties.uppercaseMapping.unicodeScalars.map(\.value)
                )
            )
        }
        self.forms = forms
    }

    func accepts(_ text: String, _ anchor: Anchor) -> Bool {
        let scalars = text.unicodeScalars.map(\.value)
        switch anchor {
        case .whole: return ends(in: scalars).contains(scalars.count)
        case .prefix: return !ends(in: scalars).isEmpty
        case .suffix: return !reversed.ends(in: scalars.reversed()).isEmpty
        }
    }

    private var reversed: CaselessText {
        CaselessText(forms: forms.reversed().map { Forms(lower: $0.lower.reversed(), upper: $0.upper.reversed()) })
    }

    private init(forms: [Forms]) { self.forms = forms }

    /// The positions that the text can have reached when every form is used up.
    private func ends(in scalars: [UInt32]) -> Set<Int> {
        var positions: Set<Int> = [0]
        for form in forms {
            var next: Set<Int> = []
            for position in positions {
                for spelling in [form.lower, form.upper]
                where scalars[position...].starts(with: spelling) { next.insert(position + spelling.count) }
            }
            if next.isEmpty { return [] }
            positions = next
        }
        return positions
    }
}
