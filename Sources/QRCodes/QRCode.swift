internal import CQREncode
package import Cryptography

/// Draws QR codes (ISO/IEC 18004), without a request to anyone.
package enum QRCode {
    /// The longest text that is drawn; a code of more could not be read from a screen.
    package static let maximumByteCount = 2000

    /// Draws a text as an SVG image: dark squares on a light ground, with the quiet zone that readers need.
    ///
    /// The image holds numbers and constants only, so that nothing in the text becomes part of its markup.
    ///
    /// - Parameter text: What a reader shall read, as bytes.
    /// - Returns: The image, as secret as the text; nil when the text is empty or longer than `maximumByteCount`.
    package static func svg(of text: SecretBytes) -> SecretBytes? {
        guard (1...maximumByteCount).contains(text.count) else { return nil }
        // Level M restores 15 percent of a code: the usual choice for screens. 8-bit mode keeps every byte as it is.
        let made = unsafe text.withBytes { bytes in
            unsafe QRcode_encodeData(
                Int32(bytes.count),
                bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
                0,
                QR_ECLEVEL_M
            )
        }
        guard let code = unsafe made else { return nil }
        defer { unsafe QRcode_free(code) }
        guard let data = unsafe code.pointee.data else { return nil }
        let width = unsafe Int(code.pointee.width)
        let squares = unsafe UnsafeMutableBufferPointer(start: data, count: width * width)
        // The picture is the secret: the library would give its memory back unerased.
        defer { unsafe squares.update(repeating: 0) }
        let image = QRCodeImage(width: width) { row, column in unsafe squares[row * width + column] & 1 == 1 }
        return image.svg()
    }
}
