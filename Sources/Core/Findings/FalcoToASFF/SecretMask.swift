internal import Vocabulary

/// Masks secrets in command lines and in texts that quote them.
///
/// Knows values behind telling names (`--password=…`, `DB_TOKEN=…`, `"secret":"…"`), authorization headers, passwords in
/// URLs and for well-known programs, private keys, and tokens with a known look. It cannot know every secret.
package enum SecretMask {
    package static let mask = "[redacted]"

    package static func masked(_ text: String) -> String {
        if QuietText.isQuiet(text.utf8.span) { return text }
        if ByteScan.isASCII(text.utf8.span) {
            return Masker.masked(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) } ?? text
        }
        return Masker.masked(Array(text)).map { String($0) } ?? text
    }
}

/// Walks over words and remembers what the last ones announced.
struct Masker<Letter: MaskedLetter> {
    typealias Word = ArraySlice<Letter>

    private var hidesNext = false
    private var isInsideKey = false
    /// The last program whose `-p` or `-u` carries a password.
    private var program = ""

    /// Nil when nothing is to be masked.
    static func masked(_ text: [Letter]) -> [Letter]? {
        var masker = Masker()
        var result: [Letter] = []
        var copied = 0
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex(where: \.isBlank) ?? text.count
            if end > start, let masked = masker.next(text[start..<end]) {
                result += text[copied..<start]
                result += masked
                copied = end
            }
            start = end + 1
        }
        return copied == 0 ? nil : result + text[copied...]
    }

    /// What is to stand for a word; nil when it stays.
    private mutating func next(_ word: Word) -> Word? {
        let isPlain = !hidesNext && !isInsideKey && (program.isEmpty || word.first != Letter("-"))
        if isPlain, Letter.isQuiet(word) { return nil }
        if isInsideKey || word.contains("-----BEGIN") { return insideKey(word) }
        let bare = MaskedWord.bare(word)
        guard hidesNext else { return announced(word, bare) }
        // A header may put its scheme before the secret.
        hidesNext = MaskedWord.schemes.contains { bare.reads($0) }
        return hidesNext ? nil : MaskedWord.hidden(word)
    }

    private mutating func announced(_ word: Word, _ bare: Word) -> Word? {
        if let name = bare.lastPart(after: "/")?.lastPart(after: "="),
            let known = MaskedWord.programs.first(where: { name.reads($0) })
        {
            program = known
        }
        if bare.reads("bearer") || MaskedWord.isFlag(bare) || bare.ends(with: ":") && MaskedWord.isTelling(bare) {
            hidesNext = true
            return nil
        }
        if !program.isEmpty, word.begins(with: "-") {
            if announcesOption(word) { return nil }
            if word.begins(with: "-p"), !Self.takesUser(program) { return word.prefix(2) + Letter.mask }
        }
        if let masked = MaskedWord.maskedValue(word) ?? MaskedWord.maskedURL(word) { return masked }
        return MaskedWord.looksSecret(bare) ? MaskedWord.hidden(word) : nil
    }

    private mutating func insideKey(_ word: Word) -> Word? {
        isInsideKey = !word.contains("-----END") && !word.ends(with: "KEY-----\"")
        return word.contains("-----") ? nil : Letter.mask
    }

    /// `-p SECRET` and `-u USER:SECRET` of programs that read them so; `-pSECRET` is a word of its own.
    private mutating func announcesOption(_ word: Word) -> Bool {
        if Self.takesUser(program) {
            guard word.reads("-u") || word.reads("--user") || word.reads("--proxy-user") else { return false }
            hidesNext = true
            return true
        }
        guard word.reads("-p") else { return false }
        hidesNext = program == "sshpass"
        return true
    }

    private static func takesUser(_ program: String) -> Bool { program == "curl" || program == "wget" }
}
