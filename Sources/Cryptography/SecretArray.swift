internal import COpenSSL

extension [UInt8] {
    /// Zeroes the bytes, then lets go of them; for the few arrays that hold a secret on its way to or from a file.
    ///
    /// Reserve the capacity before filling such an array: growth leaves copies behind that nobody can reach.
    mutating func cleanse() {
        unsafe withUnsafeMutableBytes { bytes in unsafe OPENSSL_cleanse(bytes.baseAddress, bytes.count) }
        self = []
    }
}
