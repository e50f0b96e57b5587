import Testing

@testable import LinearProgramming

@Suite("Sparse vectors")
struct SparseVectorsTests {
    @Test("lie one after the other, in the order of their entries")
    func areFlat() {
        var vectors = SparseVectors()
        vectors.append([Entry(0, 1), Entry(4, 2)])
        vectors.append([])
        vectors.append([Entry(1, 3)])
        #expect(vectors.starts == [0, 2, 2])
        #expect(vectors.indices == [0, 4, 1])
        #expect(vectors.values == [1, 2, 3])
    }

    @Test("sum entries at the same index and put them in order")
    func sumDuplicates() {
        var vectors = SparseVectors()
        vectors.append([Entry(7, 1)])
        vectors.append([Entry(2, 1), Entry(5, 2), Entry(2, 10), Entry(0, 3), Entry(5, 20)])
        #expect(vectors.starts == [0, 1])
        #expect(vectors.indices == [7, 0, 2, 5])
        #expect(vectors.values == [1, 3, 11, 22])
    }

    @Test("sum to the same bits in whatever order the entries come")
    func sumInOneOrder() {
        let entries = [Entry(1, 0.1), Entry(1, 1e9), Entry(1, -0.3), Entry(1, 0.7)]
        let sums = [entries, entries.reversed(), [entries[2], entries[0], entries[3], entries[1]]].map { order in
            var vectors = SparseVectors()
            vectors.append(order)
            return vectors.values
        }
        #expect(Set(sums).count == 1)
    }

    @Test("are empty again after all is removed")
    func removeAll() {
        var vectors = SparseVectors()
        vectors.append([Entry(3, 1)])
        vectors.removeAll()
        vectors.append([Entry(1, 2)])
        #expect(vectors.starts == [0])
        #expect(vectors.indices == [1])
    }
}
