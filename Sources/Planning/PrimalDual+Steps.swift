extension PrimalDual {
    /// The steps themselves, in chunks of requests and of rows that are made side by side on the machine's cores. What they
    /// find does not depend on how many there are: the chunks are always the same, and their sums are added in order.
    ///
    /// Unchecked, since it is used by one thread but for its two passes; and in a pass each chunk writes the values of its own
    /// requests and changes of its own, or what is of its own rows, and reads only what no other chunk of that pass writes.
    ///
    /// What a column costs and where it is used is written out here once more (`Columns.cost`, `Columns.note`), over storage
    /// whose bounds are not checked: these loops are most of a round.
    final class Steps: @unchecked Sendable {
        private let columns: Columns
        private let capacities: [Double]
        private let mostPrices: [Double]
        /// For each request the greatest squared length of a column, and what must be taken of its columns.
        private let scales: [Double]
        private let demands: [Demand]
        /// The rows of each slot that can bind; the one after them ends them.
        private let active: [Range<Int>]
        private let chunks: [(requests: Range<Int>, slots: Range<Int>)]

        private(set) var size: Double
        private(set) var count: Int
        private let balance: Double

        private var point: Buffers
        private var next: Buffers
        private var mean: Buffers
        private var weight = 0.0
        /// For each row what all before it in its slot costs together, at the point and at the next.
        private var before: Buffer
        private var nextBefore: Buffer
        /// For each chunk of requests where what it takes begins and ends to be used.
        private let changes: [Buffer]

        private typealias Buffer = UnsafeMutableBufferPointer<Double>

        private struct Buffers {
            let values: Buffer
            let prices: Buffer
            let loads: Buffer
        }

        /// What must be taken of the columns of a request together.
        enum Demand {
            case atMostOne
            case exactlyOne
            case fixed
        }

        /// How far a step leads, squared: by values, by prices, and by both together.
        private struct Moves {
            var ofValues = 0.0
            var ofPrices = 0.0
            var both = 0.0
        }

        init(
            _ columns: Columns, capacities: [Double], mostPrices: [Double], scales: [Double], demands: [Demand],
            active: [Range<Int>], from start: Point, size: Double, balance: Double, count: Int
        ) {
            self.columns = columns
            self.capacities = capacities
            self.mostPrices = mostPrices
            self.scales = scales
            self.demands = demands
            self.active = active
            self.size = size
            self.balance = balance
            self.count = count
            let rows = active.reduce(0) { $0 + $1.count }
            // Where there is little to do, sharing it out takes longer.
            let parts = columns.costs.count + rows > Self.fewForOne ? Self.mostChunks : 1
            let requests = Self.split(scales.count, into: parts) {
                columns.firstOfRequest[$0 + 1] - columns.firstOfRequest[$0]
            }
            let slots = Self.split(active.count, into: parts) { active[$0].count }
            chunks = zip(requests, slots).map { ($0, $1) }
            point = Buffers(
                values: Self.buffer(start.values), prices: Self.buffer(start.prices), loads: Self.buffer(start.loads))
            next = Buffers(
                values: Self.buffer(start.values), prices: Self.buffer(start.prices), loads: Self.buffer(start.loads))
            mean = Buffers(
                values: Self.zeros(start.values.count), prices: Self.zeros(start.prices.count), loads: Self.zeros(0))
            before = Self.zeros(start.prices.count)
            nextBefore = Self.zeros(start.prices.count)
            changes = (0..<parts).map { _ in Self.zeros(start.prices.count) }
            for rows in active where !rows.isEmpty {
                var sum = 0.0
                for row in rows {
                    before[row] = sum
                    sum += point.prices[row]
                }
                before[rows.upperBound] = sum
            }
        }

        deinit {
            for buffers in [point, next, mean] {
                for buffer in [buffers.values, buffers.prices, buffers.loads] { buffer.deallocate() }
            }
            for buffer in [before, nextBefore] + changes { buffer.deallocate() }
        }

        private static func zeros(_ count: Int) -> Buffer {
            let buffer = Buffer.allocate(capacity: count)
            buffer.initialize(repeating: 0)
            return buffer
        }

        private static func buffer(_ values: [Double]) -> Buffer {
            let buffer = Buffer.allocate(capacity: values.count)
            _ = buffer.initialize(from: values)
            return buffer
        }

        /// Splits things in order into parts of about the same weight.
        private static func split(_ count: Int, into parts: Int, weight: (Int) -> Int) -> [Range<Int>] {
            let total = (0..<count).reduce(0) { $0 + weight($1) }
            var ranges: [Range<Int>] = []
            var (start, end, sum) = (0, 0, 0)
            for part in 1...parts {
                while end < count, part == parts || sum * parts < total * part {
                    sum += weight(end)
                    end += 1
                }
                ranges.append(start..<end)
                start = end
            }
            return ranges
        }

        // MARK: Results

        /// Where the last step led.
        var last: Point { Point(values: .init(point.values), prices: .init(point.prices), loads: .init(point.loads)) }

        /// The mean of where the steps led, without its loads; nil when nothing moved.
        func average() -> Point? {
            if weight == 0 { return nil }
            return Point(values: mean.values.map { $0 / weight }, prices: mean.prices.map { $0 / weight })
        }

        // MARK: Steps

        func make(_ steps: Int) {
            for _ in 0..<steps {
                count += 1
                let size = step()
                if size == 0 { break }
                swap(&point, &next)
                swap(&before, &nextBefore)
                weight += size
                add(size)
            }
        }

        /// Makes one step, as long as it may be.
        ///
        /// - Returns: Its size; 0 when nothing moves any more.
        private func step() -> Double {
            while true {
                let moves = move()
                let movement = (balance * moves.ofValues + moves.ofPrices / balance) / 2
                // Where no prices are best, since those who must be placed cannot all be, they may grow beyond all numbers.
                if !movement.isFinite || movement < PrimalDual.noMovement { return 0 }
                let size = size
                let limit =
                    abs(moves.both) < PrimalDual.noMovement * movement ? 2 * size : movement / abs(moves.both)
                let count = Double(count + 1)
                self.size = min((1 - 1 / count.squareRoot().squareRoot()) * limit, (1 + 1 / count.squareRoot()) * size)
                if size <= limit { return size }
            }
        }

        /// Sets the next point to where a step of the present size leads.
        private func move() -> Moves {
            var moves = Moves()
            for sum in inChunks({ self.moveValues($0) }) { moves.ofValues += sum.ofValues }
            for sum in inChunks({ self.movePrices($0) }) {
                moves.ofPrices += sum.ofPrices
                moves.both += sum.both
            }
            return moves
        }

        private func inChunks(_ pass: @Sendable (Int) -> Moves) -> [Moves] {
            if chunks.count == 1 { return [pass(0)] }
            return Array(chunks.indices).concurrentMap(pass)
        }

        private func moveValues(_ chunk: Int) -> Moves {
            var moves = Moves()
            let columns = columns
            let costs = columns.costs.span
            let firstOfRequest = columns.firstOfRequest.span
            let firstUse = columns.firstUse.span
            let from = columns.from.span
            let until = columns.until.span
            let amounts = columns.amounts.span
            let (before, old, new, changes) = (before, point.values, next.values, changes[chunk])
            for r in chunks[chunk].requests {
                let (first, end) = (firstOfRequest[unchecked: r], firstOfRequest[unchecked: r + 1])
                let step = size / balance / scales[r]
                for column in first..<end {
                    var cost = costs[unchecked: column]
                    for use in firstUse[unchecked: column]..<firstUse[unchecked: column + 1] {
                        let days = before[Int(until[unchecked: use])] - before[Int(from[unchecked: use])]
                        cost += amounts[unchecked: use] * days
                    }
                    new[column] = old[column] - step * cost
                }
                switch demands[r] {
                case .fixed: for column in first..<end { new[column] = 1 }
                case .atMostOne: PrimalDual.project(Buffer(rebasing: new[first..<end]))
                case .exactlyOne: PrimalDual.project(Buffer(rebasing: new[first..<end]), exactly: true)
                }
                var square = 0.0
                for column in first..<end {
                    let value = new[column]
                    let difference = value - old[column]
                    square += difference * difference
                    if value == 0 { continue }
                    for use in firstUse[unchecked: column]..<firstUse[unchecked: column + 1] {
                        changes[Int(from[unchecked: use])] += value * amounts[unchecked: use]
                        changes[Int(until[unchecked: use])] -= value * amounts[unchecked: use]
                    }
                }
                moves.ofValues += square * scales[r]
            }
            return moves
        }

        private func movePrices(_ chunk: Int) -> Moves {
            var moves = Moves()
            let all = capacities
            let capacities = all.span
            let (point, next, nextBefore) = (point, next, nextBefore)
            let step = size * balance
            for slot in chunks[chunk].slots where !active[slot].isEmpty {
                let most = mostPrices[slot]
                var (load, sum) = (0.0, 0.0)
                for row in active[slot] {
                    for changes in changes {
                        load += changes[row]
                        changes[row] = 0
                    }
                    let moved = load - point.loads[row]
                    let excess = load + moved - capacities[unchecked: row]
                    let price = min(most, max(0, point.prices[row] + step * excess))
                    let difference = price - point.prices[row]
                    next.loads[row] = load
                    next.prices[row] = price
                    nextBefore[row] = sum
                    sum += price
                    moves.ofPrices += difference * difference
                    moves.both += difference * moved
                }
                let end = active[slot].upperBound
                nextBefore[end] = sum
                for changes in changes { changes[end] = 0 }
            }
            return moves
        }

        /// Counts the point in the mean.
        private func add(_ size: Double) {
            for column in mean.values.indices { mean.values[column] += size * point.values[column] }
            for rows in active { for row in rows { mean.prices[row] += size * point.prices[row] } }
        }

        private static let mostChunks = 4
        private static let fewForOne = 20_000
    }
}
