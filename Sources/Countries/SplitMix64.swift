/// A small generator of random numbers, the same on every machine and with every version of the standard library
/// (G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", 2014).
///
/// Whole numbers only: the standard library's own drawing from ranges and shuffling may change between versions, and the
/// logarithms of C libraries differ in their last bit.
struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// A number from 0 to below a bound, 0 when the bound is not positive; a bias of bound/2⁶⁴ does not matter here.
    mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(max(bound, 1))).high)
    }

    mutating func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }

    /// Whether something happens that does so in so many of a hundred cases.
    mutating func happens(percent: Int) -> Bool {
        below(100) < percent
    }

    /// One of the items, by weight; nil when there is none or no weight is positive.
    mutating func pick<Item>(_ items: [Item], weight: (Item) -> Int) -> Item? {
        var left = below(items.reduce(0) { $0 + weight($1) })
        for item in items {
            left -= weight(item)
            if left < 0 { return item }
        }
        return nil
    }

    /// One of the items; nil when there is none.
    mutating func pick<Item>(_ items: [Item]) -> Item? {
        items.isEmpty ? nil : items[below(items.count)]
    }

    /// Days until the fourth of four phases ends that each last for days/4 on average: the sister in whole days of the
    /// gamma distribution of shape 4 that lengths of stay follow.
    mutating func stay(meanDays: Int) -> Int {
        var days = 0
        for _ in 0..<4 {
            repeat { days += 1 } while below(meanDays) >= 4
        }
        return days
    }
}
