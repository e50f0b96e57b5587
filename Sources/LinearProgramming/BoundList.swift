/// The lower and upper bounds of columns or rows.
struct BoundList: Sendable, Equatable {
    private(set) var lower: [Double] = []
    private(set) var upper: [Double] = []

    var count: Int { lower.count }

    init() {}

    init(lower: [Double], upper: [Double]) {
        self.lower = lower
        self.upper = upper
    }

    mutating func reserve(_ more: Int) {
        lower.reserveCapacity(lower.count + more)
        upper.reserveCapacity(upper.count + more)
    }

    mutating func append(lower: Double, upper: Double) {
        self.lower.append(lower)
        self.upper.append(upper)
    }

    mutating func removeAll() {
        lower.removeAll(keepingCapacity: true)
        upper.removeAll(keepingCapacity: true)
    }

    /// Throws unless a value can lie between each pair of bounds.
    ///
    /// - Parameters:
    ///   - kind: "row" or "column".
    ///   - name: the index that people know a position by.
    /// - Throws: `SolverError.invalidModel`.
    func validate(_ kind: String, name: (Int) -> Int) throws(SolverError) {
        for position in lower.indices {
            let (least, greatest) = (lower[position], upper[position])
            // False for what is not a number, too.
            guard least <= greatest, least < .infinity, greatest > -.infinity else {
                throw .invalidModel(
                    "\(kind) \(name(position)) is bounded by \(least) and \(greatest), and no number lies between them"
                )
            }
        }
    }
}
