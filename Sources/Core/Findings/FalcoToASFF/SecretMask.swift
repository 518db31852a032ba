/// Masks secrets in command lines and in texts that quote them.
///
/// Knows values behind telling names (`--password=…`, `DB_TOKEN=…`, `"secret":"…"`), authorization headers, passwords in
/// URLs and for well-known programs, private keys, and tokens with a known look. It cannot know every secret.
package enum SecretMask {
    package static let mask = "[redacted]"

    package static func masked(_ text: String) -> String {
        var masker = Masker()
        var result = ""
        result.reserveCapacity(text.utf8.count)
        var word = ""
        for character in text {
            if character.isWhitespace {
                result += masker.next(word)
                result.append(character)
                word = ""
            } else {
                word.append(character)
            }
        }
        return result + masker.next(word)
    }
}

/// Walks over words and remembers what the last ones announced.
private struct Masker {
    private var hidesNext = false
    private var isInsideKey = false
    /// The last program whose `-p` or `-u` carries a password.
    private var program = ""

    mutating func next(_ word: String) -> String {
        guard !word.isEmpty else { return word }
        if isInsideKey || word.contains("-----BEGIN") { return insideKey(word) }
        if hidesNext {
            hidesNext = false
            // A header may put its scheme before the secret.
            if ["bearer", "basic", "token", "digest"].contains(Self.bare(word)) {
                hidesNext = true
                return word
            }
            return Self.hidden(word)
        }
        return announced(word)
    }

    private mutating func announced(_ word: String) -> String {
        let bare = Self.bare(word)
        if let name = bare.split(separator: "/").last?.split(separator: "=").last,
            Self.programs.contains(String(name))
        {
            program = String(name)
        }
        if bare == "bearer" || Self.isFlag(bare) || bare.hasSuffix(":") && Self.isTelling(bare) {
            hidesNext = true
            return word
        }
        if let masked = maskedOption(word) ?? Self.maskedValue(word) ?? Self.maskedURL(word) { return masked }
        return Self.looksSecret(bare) ? Self.hidden(word) : word
    }

    private mutating func insideKey(_ word: String) -> String {
        isInsideKey = !word.contains("-----END") && !word.hasSuffix("KEY-----\"")
        return word.contains("-----") ? word : SecretMask.mask
    }

    /// `-pSECRET`, `-p SECRET` and `-u USER:SECRET` of programs that read them so.
    private mutating func maskedOption(_ word: String) -> String? {
        guard !program.isEmpty else { return nil }
        let takesUser = program == "curl" || program == "wget"
        if takesUser, word == "-u" || word == "--user" || word == "--proxy-user" {
            hidesNext = true
            return word
        }
        guard !takesUser, word.hasPrefix("-p") else { return nil }
        if word == "-p" {
            hidesNext = program == "sshpass"
            return word
        }
        return "-p" + SecretMask.mask
    }

    private static let programs: Set<String> = [
        "curl", "wget", "sshpass", "mysql", "mysqldump", "mysqladmin", "mariadb",
    ]

    // MARK: - Words

    private static func bare(_ word: String) -> String {
        let quotes = "'\"`,;()[]{}"
        let trimmed = word.drop { quotes.contains($0) }
        var end = trimmed.endIndex
        while end > trimmed.startIndex, quotes.contains(trimmed[trimmed.index(before: end)]) {
            end = trimmed.index(before: end)
        }
        return trimmed[..<end].lowercased()
    }

    private static func isFlag(_ bare: String) -> Bool {
        bare.hasPrefix("-") && !bare.contains("=") && !bare.contains(":") && isTelling(bare)
    }

    /// Whether a name tells that its value is a secret.
    private static func isTelling(_ name: String) -> Bool {
        let letters = name.filter { $0.isLetter }
        return tellingNames.contains { letters.hasSuffix($0) }
    }

    private static let tellingNames = [
        "password", "passwd", "passphrase", "pwd", "secret", "secretkey", "secretaccesskey", "token", "apikey",
        "accesskey", "privatekey", "credential", "credentials", "authorization", "sessionkey", "clientsecret",
        "encryptionkey",
    ]

    /// `name=value`, `name:value`, `"name":"value"`, and those of a query string one by one.
    private static func maskedValue(_ word: String) -> String? {
        var isChanged = false
        var parts: [String] = []
        for part in word.split(separator: "&", omittingEmptySubsequences: false) {
            let masked = maskedPart(part, isFirst: parts.isEmpty)
            isChanged = isChanged || masked != nil
            parts.append(masked ?? String(part))
        }
        return isChanged ? parts.joined(separator: "&") : nil
    }

    private static func maskedPart(_ part: Substring, isFirst: Bool) -> String? {
        var nameStart = part.startIndex
        var isFirstName = isFirst
        for place in part.indices {
            let after = part.index(after: place)
            switch part[place] {
            case "?", ",", ";", "{": nameStart = after
            case "=", ":":
                let name = part[nameStart..<place].suffix(longestName)
                // Falco's audit rules print the name of a Secret as “secret=NAME”.
                let isObjectName = isFirstName && part[place] == "=" && (name == "secret" || name == "(secret")
                let value = part[after...]
                if !value.isEmpty, !value.hasPrefix("//"), !isObjectName, isTelling(name.lowercased()) {
                    return part[...place] + SecretMask.mask
                }
                isFirstName = false
                nameStart = after
            default: break
            }
        }
        return nil
    }

    /// What of a name is looked at: words may be as long as a line.
    private static let longestName = 48

    /// `scheme://user:secret@host`.
    private static func maskedURL(_ word: String) -> String? {
        guard let scheme = word.firstRange(of: "://") else { return nil }
        let authority = word[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
        guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else {
            return nil
        }
        return word[...colon] + SecretMask.mask + word[at...]
    }

    private static func looksSecret(_ bare: String) -> Bool {
        guard bare.utf8.count >= 20 else { return false }
        let value = bare.split(separator: "=").last.map(String.init) ?? bare
        return tokenStarts.contains { value.hasPrefix($0) }
    }

    private static let tokenStarts = [
        "ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "eyjhbgci", "sk_live_",
        "npm_", "pypi-",
    ]

    /// The whole word but its quotes.
    private static func hidden(_ word: String) -> String {
        guard let last = word.last, "'\"".contains(last) else { return SecretMask.mask }
        return SecretMask.mask + String(last)
    }
}
