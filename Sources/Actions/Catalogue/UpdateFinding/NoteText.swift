/// Texts that Security Hub limits, counted in Unicode scalars.
enum NoteText {
    static let limit = 512
    static let valueLimit = 1_024
    static let keyLimit = 128

    /// The text, or as many whole characters of it as fit before an ellipsis.
    static func cut(_ text: String, to limit: Int) -> String {
        guard text.unicodeScalars.count > limit else { return text }
        var kept = ""
        var count = 0
        for character in text {
            let size = character.unicodeScalars.count
            guard count + size < limit else { break }
            kept.append(character)
            count += size
        }
        return kept + "…"
    }
}
