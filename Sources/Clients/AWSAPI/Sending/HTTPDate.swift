package import Vocabulary

/// The moment in a `Date` header.
package enum HTTPDate {
    /// Reads `Wed, 21 Oct 2015 07:28:00 GMT`, the one form that servers may still write (RFC 9110, section 5.6.7).
    package static func moment(_ text: String) -> Timestamp? {
        let words = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])) else {
            return nil
        }
        let number = String(month + 1)
        let padded = number.count == 1 ? "0" + number : number
        return Timestamp("\(words[3])-\(padded)-\(words[1])T\(words[4])Z")
    }
}
