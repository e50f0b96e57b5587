internal import CHighs

/// Sparse vectors one after the other in three flat arrays, as HiGHS takes them, so that nothing is copied per entry.
struct SparseVectors: Sendable, Equatable {
    /// Where each vector begins in the other two arrays.
    private(set) var starts: [HighsInt] = []
    private(set) var indices: [HighsInt] = []
    private(set) var values: [Double] = []

    var count: Int { starts.count }

    mutating func reserve(vectors: Int, entries: Int) {
        starts.reserveCapacity(starts.count + vectors)
        indices.reserveCapacity(indices.count + entries)
        values.reserveCapacity(values.count + entries)
    }

    /// Adds a vector; entries at the same index are summed, since HiGHS refuses duplicates.
    mutating func append(_ entries: [Entry]) {
        // What is too large becomes the largest, which no model has: `validate` refuses it.
        starts.append(HighsInt(clamping: values.count))
        var last = -1
        for (position, entry) in entries.enumerated() {
            guard entry.index > last else {
                appendOutOfOrder(entries[position...])
                return
            }
            last = entry.index
            indices.append(HighsInt(clamping: entry.index))
            values.append(entry.value)
        }
    }

    /// Adds the rest of the last vector, which is not in ascending order, and puts all of it in order.
    private mutating func appendOutOfOrder(_ rest: ArraySlice<Entry>) {
        let start = Int(starts[starts.count - 1])
        let begun = zip(indices[start...], values[start...]).map { Entry(Int($0), $1) }
        indices.removeSubrange(start...)
        values.removeSubrange(start...)
        // By value too: the sum of three must not depend on the order in which they came.
        for entry in (begun + rest).sorted(by: { ($0.index, $0.value) < ($1.index, $1.value) }) {
            let index = HighsInt(clamping: entry.index)
            if indices.count > start, indices[indices.count - 1] == index {
                values[values.count - 1] += entry.value
            } else {
                indices.append(index)
                values.append(entry.value)
            }
        }
    }

    mutating func removeAll() {
        starts.removeAll(keepingCapacity: true)
        indices.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
    }

    /// Throws unless every index is below `limit` and every value is a number that HiGHS keeps.
    ///
    /// - Parameters:
    ///   - limit: the number of rows of the model for columns, of columns for rows.
    ///   - vector: what one vector is called: "row" or "column".
    ///   - element: what an index names: "column" or "row".
    /// - Throws: `SolverError.invalidModel`.
    func validate(limit: Int, vector: String, element: String) throws(SolverError) {
        guard values.count <= Int(HighsInt.max) else {
            throw .invalidModel("\(values.count) coefficients are more than HiGHS takes (\(HighsInt.max))")
        }
        for position in values.indices {
            let index = Int(indices[position])
            let size = values[position].magnitude
            // HiGHS drops what is below 1e-9 and refuses what is above 1e15 (small_ and large_matrix_value).
            if index >= 0, index < limit, size == 0 || size > 1e-9, size < 1e15 { continue }
            let place = "\(vector) \(starts.lastIndex { $0 <= position } ?? 0)"
            guard index >= 0, index < limit else {
                throw .invalidModel("\(place) names \(element) \(index), but there are \(limit)")
            }
            throw .invalidModel(
                "\(place) has the coefficient \(values[position]) at \(element) \(index): it must be zero, or of a size "
                    + "between 1e-9 and 1e15"
            )
        }
    }
}
