extension String {
    /// Full case folding (Unicode section 5.18), scalar by scalar, the same in every locale.
    package var caseFolded: String {
        var folded = String.UnicodeScalarView()
        for scalar in unicodeScalars { folded.append(contentsOf: scalar.caseFolded.unicodeScalars) }
        return String(folded)
    }
}

extension Unicode.Scalar {
    /// What this scalar folds to.
    ///
    /// The standard library has no folding table. Folding is lower case of upper case wherever it changes anything, but for
    /// the letters whose upper case is the folded form (Cherokee), and `ẞ`, which reaches `ss` in two rounds.
    package var caseFolded: String {
        guard properties.changesWhenCaseFolded else { return String(self) }
        var text = String.UnicodeScalarView()
        for upper in properties.uppercaseMapping.unicodeScalars {
            guard upper.properties.changesWhenCaseFolded else {
                text.append(upper)
                continue
            }
            let lower = upper.properties.lowercaseMapping.unicodeScalars
            if lower.count == 1, let only = lower.first, only != self, only.properties.changesWhenCaseFolded {
                text.append(contentsOf: only.caseFolded.unicodeScalars)
            } else {
                text.append(contentsOf: lower)
            }
        }
        return String(text)
    }

    /// Whether a reader cannot see it: controls, formats (zero width, bidi), separators, unassigned, private use.
    package var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            true
        default: properties.isDefaultIgnorableCodePoint || properties.isWhitespace
        }
    }
}
