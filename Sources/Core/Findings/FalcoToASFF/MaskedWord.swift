/// What single words tell.
enum MaskedWord {
    static let schemes = ["bearer", "basic", "token", "digest"]

    static let programs = ["curl", "wget", "sshpass", "mysql", "mysqldump", "mysqladmin", "mariadb"]

    /// In lower case and without quotes around it.
    static func bare<Letter: MaskedLetter>(_ word: ArraySlice<Letter>) -> ArraySlice<Letter> {
        guard let first = word.firstIndex(where: { !$0.isQuote }), let last = word.lastIndex(where: { !$0.isQuote })
        else { return [] }
        return word[first...last].map(\.lowered)[...]
    }

    static func isFlag<Letter: MaskedLetter>(_ bare: ArraySlice<Letter>) -> Bool {
        bare.begins(with: "-") && !bare.contains(Letter("=")) && !bare.contains(Letter(":")) && isTelling(bare)
    }

    /// Whether a name in lower case tells that its value is a secret.
    static func isTelling<Letter: MaskedLetter>(_ name: ArraySlice<Letter>) -> Bool {
        let letters = name.filter(\.isLetter)[...]
        return tellingNames.contains { letters.ends(with: $0) }
    }

    private static let tellingNames = [
        "password", "passwd", "passphrase", "pwd", "secret", "secretkey", "secretaccesskey", "token", "apikey",
        "accesskey", "privatekey", "credential", "credentials", "authorization", "sessionkey", "clientsecret",
        "encryptionkey",
    ]

    /// `name=value`, `name:value`, `"name":"value"`, and those of a query string one by one.
    static func maskedValue<Letter: MaskedLetter>(_ word: ArraySlice<Letter>) -> ArraySlice<Letter>? {
        var result: ArraySlice<Letter> = []
        var copied = word.startIndex
        var start = word.startIndex
        while start <= word.endIndex {
            let end = word[start...].firstIndex(of: Letter("&")) ?? word.endIndex
            if let masked = maskedPart(word[start..<end], isFirst: start == word.startIndex) {
                result += word[copied..<start]
                result += masked
                copied = end
            }
            start = end + 1
        }
        return copied == word.startIndex ? nil : result + word[copied...]
    }

    private static func maskedPart<Letter: MaskedLetter>(
        _ part: ArraySlice<Letter>,
        isFirst: Bool
    ) -> ArraySlice<Letter>? {
        var nameStart = part.startIndex
        var isFirstName = isFirst
        for place in part.indices {
            let letter = part[place]
            if letter == Letter("=") || letter == Letter(":") {
                let name = part[nameStart..<place].suffix(longestName)
                // Falco's audit rules print the name of a Secret as “secret=NAME”.
                let isObjectName =
                    isFirstName && letter == Letter("=") && (name.reads("secret") || name.reads("(secret"))
                let value = part[(place + 1)...]
                if !value.isEmpty, !value.begins(with: "//"), !isObjectName, isTelling(name.map(\.lowered)[...]) {
                    return part[...place] + Letter.mask
                }
                isFirstName = false
                nameStart = place + 1
            } else if letter == Letter("?") || letter == Letter(",") || letter == Letter(";") || letter == Letter("{") {
                nameStart = place + 1
            }
        }
        return nil
    }

    /// What of a name is looked at: words may be as long as a line.
    private static let longestName = 48

    /// `scheme://user:secret@host`.
    static func maskedURL<Letter: MaskedLetter>(_ word: ArraySlice<Letter>) -> ArraySlice<Letter>? {
        guard let scheme = word.place(of: "://") else { return nil }
        let authority = word[(scheme + 3)...].prefix { $0 != Letter("/") && $0 != Letter("?") }
        guard let at = authority.lastIndex(of: Letter("@")),
            let colon = authority[..<at].firstIndex(of: Letter(":"))
        else { return nil }
        return word[...colon] + Letter.mask + word[at...]
    }

    static func looksSecret<Letter: MaskedLetter>(_ bare: ArraySlice<Letter>) -> Bool {
        guard bare.reduce(0, { $0 + $1.size }) >= 20 else { return false }
        let value = bare.lastPart(after: "=") ?? bare
        return tokenStarts.contains { value.begins(with: $0) }
    }

    private static let tokenStarts = [
        "ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "eyjhbgci", "sk_live_",
        "npm_", "pypi-",
    ]

    /// The whole word but its quotes.
    static func hidden<Letter: MaskedLetter>(_ word: ArraySlice<Letter>) -> ArraySlice<Letter> {
        guard let last = word.last, last == Letter("'") || last == Letter("\"") else { return Letter.mask }
        return Letter.mask + [last]
    }
}
