internal import CUnistring

/// Unicode normalisation (UAX 15).
package enum NormalizationForm: Sendable {
    /// Canonical composition.
    case nfc
    /// Compatibility composition.
    case nfkc
}

extension String {
    /// This text in a normalisation form; nil when memory ran out.
    package func normalized(_ form: NormalizationForm) -> String? {
        if utf8.allSatisfy({ $0 < 0x80 }) { return self }
        var length = 0
        let form = form == .nfc ? unsafe CUnistring_nfc() : unsafe CUnistring_nfkc()
        let bytes = Array(utf8)
        guard let buffer = unsafe u8_normalize(form, bytes, bytes.count, nil, &length) else { return nil }
        defer { unsafe free(buffer) }
        return unsafe String(validating: UnsafeBufferPointer(start: buffer, count: length), as: UTF8.self)
    }
}
