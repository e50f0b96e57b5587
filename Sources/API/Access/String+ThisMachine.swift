extension String {
    /// Whether the name or address of a host is this machine's own (loopback): nobody else can read or change what is sent
    /// there.
    package var isThisMachine: Bool {
        if ["localhost", "::1", "[::1]"].contains(lowercased()) { return true }
        let numbers = split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
    }
}
