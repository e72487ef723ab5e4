/// Texts that say the same again and again.
enum RepeatedText {
    /// The shortest text that `text` repeats, at least twice and the last time perhaps in part; nil for none.
    static func unit(of text: String) -> String? {
        let scalars = ComparableText.scalars(of: text)
        // The length of the longest beginning of each prefix that is also its end (Knuth, Morris and Pratt).
        var borders = [0]
        for index in scalars.indices.dropFirst() {
            var border = borders[index - 1]
            while border > 0, scalars[border] != scalars[index] { border = borders[border - 1] }
            borders.append(scalars[border] == scalars[index] ? border + 1 : 0)
        }
        guard let border = borders.last, border > 0, border * 2 >= scalars.count else { return nil }
        return String(String.UnicodeScalarView(scalars.prefix(scalars.count - border)))
    }
}
