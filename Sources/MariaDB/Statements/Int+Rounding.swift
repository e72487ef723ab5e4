extension Int {
    /// The next multiple of a power of two, for a size that is far from the end of the range.
    func roundedUp(toMultipleOf step: Int) -> Int { (self + step - 1) & ~(step - 1) }
}
