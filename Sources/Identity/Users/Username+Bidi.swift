extension Username {
    /// The bidi rule (RFC 5893 section 2) in a stricter form that needs no table: a name is written in one direction.
    ///
    /// Letters of right-to-left scripts may be joined by marks and ASCII digits, which must not come first; any other letter beside
    /// them is refused.
    static func obeysBidiRule(_ scalars: String.UnicodeScalarView) -> Bool {
        guard scalars.contains(where: isRightToLeft) else { return true }
        guard let first = scalars.first, isRightToLeft(first) else { return false }
        return scalars.allSatisfy { scalar in
            isRightToLeft(scalar) || isMark(scalar) || ("0"..."9").contains(scalar)
        }
    }

    /// The blocks that Unicode reserves for right-to-left scripts.
    private static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF: !isMark(scalar)
        default: false
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        let category = scalar.properties.generalCategory
        return category == .nonspacingMark || category == .spacingMark
    }
}
